#include "ktx/util/utf8.hpp"

#include <algorithm>

namespace ktx {
namespace {

constexpr unsigned char byte(char c) { return static_cast<unsigned char>(c); }

/// The sequence's length by its first byte; 0 when no sequence begins so.
std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

bool is_scalar_value(char32_t code, std::size_t length) {
  if (length == 3) return code >= 0x800 && (code < 0xD800 || code > 0xDFFF);
  if (length == 4) return code >= 0x10000 && code <= 0x10FFFF;
  return true;
}

}  // namespace

std::optional<char32_t> take_code_point(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t length = sequence_length(byte(text[0]));
  if (length == 0 || length > text.size()) return std::nullopt;
  char32_t code = length == 1 ? byte(text[0]) : byte(text[0]) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(text[i]) & 0xC0U) != 0x80U) return std::nullopt;
    code = (code << 6U) | (byte(text[i]) & 0x3FU);
  }
  if (!is_scalar_value(code, length)) return std::nullopt;
  text.remove_prefix(length);
  return code;
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    if (byte(rest[0]) < 0x80) {
      rest.remove_prefix(1);
    } else if (!take_code_point(rest)) {
      return text.size() - rest.size();
    }
  }
  return std::nullopt;
}

std::size_t count_code_points(std::string_view text) {
  const auto starts = std::ranges::count_if(text, [](char c) { return (byte(c) & 0xC0U) != 0x80U; });
  return static_cast<std::size_t>(starts);
}

}  // namespace ktx
