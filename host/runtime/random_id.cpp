#include "random_id.hpp"

#include <random>
#include <string_view>

namespace ktx::runtime {

std::string random_id() {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t length = 12;
  std::random_device source;
  std::uniform_int_distribution<std::size_t> choice(0, digits.size() - 1);
  std::string id;
  while (id.size() < length) id += digits[choice(source)];
  return id;
}

}  // namespace ktx::runtime
