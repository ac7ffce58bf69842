#include "ktx/database/executor.hpp"

#include <array>
#include <cmath>
#include <string_view>
#include <type_traits>

namespace ktx::database {

std::string to_hex(const Blob& blob) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(blob.bytes.size() * 2);
  for (const char c : blob.bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

std::string_view type_name(ColumnType type) {
  constexpr std::array<std::string_view, 6> names = {"unknown", "number",  "text",
                                                     "time",    "boolean", "binary"};
  // In the order of `ColumnType`.
  return names.at(static_cast<std::size_t>(type));
}

Json tagged_cell(const Value& value) {
  return std::visit(
      [](const auto& cell) -> Json {
        using Cell = std::decay_t<decltype(cell)>;
        if constexpr (std::is_same_v<Cell, std::monostate>) {
          return {};
        } else if constexpr (std::is_same_v<Cell, Decimal>) {
          return {{"decimal", cell.digits}};
        } else if constexpr (std::is_same_v<Cell, Blob>) {
          return {{"hex", to_hex(cell)}};
        } else if constexpr (std::is_same_v<Cell, double>) {
          if (std::isfinite(cell)) return cell;
          return {{"float", std::isnan(cell) ? "NaN" : cell > 0 ? "Infinity" : "-Infinity"}};
        } else {
          return cell;
        }
      },
      value);
}

}  // namespace ktx::database
