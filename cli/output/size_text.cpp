#include "size_text.hpp"

#include <array>
#include <cstddef>
#include <cstdio>

namespace ktx::cli {

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 3> units = {"KiB", "MiB", "GiB"};
  double amount = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < units.size()) {
    amount /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", amount, units.at(unit));
  return text.data();
}

}  // namespace ktx::cli
