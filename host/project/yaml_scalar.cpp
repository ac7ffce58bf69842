#include "yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace ktx::project {
namespace {

constexpr std::array<std::string_view, 5> nulls = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 6> booleans = {"true", "True", "TRUE", "false", "False", "FALSE"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_sign(char c) { return c == '+' || c == '-'; }

std::size_t take_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count;
}

std::optional<std::int64_t> parse_integer(std::string_view digits, int base) {
  std::int64_t value = 0;
  if (base != 10 && digits.starts_with('-')) return std::nullopt;
  const char* end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, value, base);
  if (failure != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_number(std::string_view text) {
  if (!text.empty() && is_sign(text[0])) text.remove_prefix(1);
  const std::size_t whole = take_digits(text);
  std::size_t fraction = 0;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole + fraction == 0) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && is_sign(text[0])) text.remove_prefix(1);
  return take_digits(text) > 0 && text.empty();
}

}  // namespace

std::optional<std::int64_t> integer_value(std::string_view text) {
  if (text.starts_with("0o")) return parse_integer(text.substr(2), 8);
  if (text.starts_with("0x")) return parse_integer(text.substr(2), 16);
  if (text.starts_with('+')) text.remove_prefix(1);
  return parse_integer(text, 10);
}

double real_value(std::string_view text) {
  if (const auto integer = integer_value(text)) return static_cast<double>(*integer);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} ? value : std::numeric_limits<double>::infinity();
}

YamlKind plain_scalar_kind(std::string_view text) {
  if (std::ranges::find(nulls, text) != nulls.end()) return YamlKind::null;
  if (std::ranges::find(booleans, text) != booleans.end()) return YamlKind::boolean;
  const char first = text[0];
  if (!is_digit(first) && !is_sign(first) && first != '.') return YamlKind::string;
  const bool doubled_sign = text.size() > 1 && first == '+' && is_sign(text[1]);
  if (!doubled_sign && integer_value(text)) return YamlKind::integer;
  return is_number(text) && std::isfinite(real_value(text)) ? YamlKind::real : YamlKind::string;
}

}  // namespace ktx::project
