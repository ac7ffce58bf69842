#include "ktx/app/cell.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace ktx::app {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

// The shortest text that reads back as the same number, or one of `precision` significant digits.
std::string real_text(double value, std::optional<int> precision = std::nullopt) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  std::array<char, 32> digits{};
  char* const last = digits.data() + digits.size();
  const auto written = precision
                           ? std::to_chars(digits.data(), last, value, std::chars_format::general, *precision)
                           : std::to_chars(digits.data(), last, value);
  std::string text(digits.data(), written.ptr);
  // 1.0 and not 1: a real stays recognisable, as in the sqlite3 shell.
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

// Up to here a double tells every whole number from the next; most readers of JSON have nothing but doubles.
constexpr std::int64_t most_exact = (std::int64_t{1} << 53) - 1;

Json whole_json(std::int64_t number) {
  return number >= -most_exact && number <= most_exact ? Json(number) : Json(std::to_string(number));
}

template <class Number>
std::optional<Number> read_whole_text(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

// How many digits there are from the first that is not 0 on.
std::ptrdiff_t significant_digits(std::string_view number) {
  const std::size_t first = number.find_first_of("123456789");
  if (first == std::string_view::npos) return 0;
  const std::string_view rest = number.substr(first);
  return std::count_if(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A JSON number if a double holds all the digits (12.30 becomes 12.3), else the digits as a text: a reader
// would round them without notice. Zeros behind the last decimal are none of them.
Json decimal_json(const database::Decimal& number) {
  std::string_view digits = number.digits;
  const bool has_point = digits.find('.') != std::string_view::npos;
  if (has_point) digits = digits.substr(0, digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.remove_suffix(1);
  if (digits.find('.') == std::string_view::npos) {
    const auto whole = read_whole_text<std::int64_t>(digits);
    if (!whole || !whole_json(*whole).is_number()) return number.digits;
    return has_point ? Json(static_cast<double>(*whole)) : Json(*whole);
  }
  const auto value = read_whole_text<double>(digits);
  return value && significant_digits(digits) <= std::numeric_limits<double>::digits10 ? Json(*value)
                                                                                      : Json(number.digits);
}

}  // namespace

std::string cell_text(const database::Value& value) {
  return std::visit(Overloaded{[](std::monostate) { return std::string(); },
                               [](bool truth) { return std::string(truth ? "true" : "false"); },
                               [](std::int64_t number) { return std::to_string(number); },
                               [](double number) { return real_text(number); },
                               [](const database::Decimal& number) { return number.digits; },
                               [](const std::string& text) { return text; },
                               [](const database::Blob& blob) { return database::to_hex(blob); }},
                    value);
}

std::string cell_for_reading(const database::Value& value) {
  const auto* real = std::get_if<double>(&value);
  // 15 digits are what a double keeps of any decimal number.
  return real != nullptr ? real_text(*real, 15) : cell_text(value);
}

Json cell_json(const database::Value& value) {
  return std::visit(
      Overloaded{[](std::monostate) { return Json(); }, [](bool truth) { return Json(truth); },
                 [](std::int64_t number) { return whole_json(number); },
                 [](double number) { return std::isfinite(number) ? Json(number) : Json(real_text(number)); },
                 [](const database::Decimal& number) { return decimal_json(number); },
                 [](const std::string& text) { return Json(text); },
                 [](const database::Blob& blob) { return Json(database::to_hex(blob)); }},
      value);
}

std::string not_utf8_text(const std::string& name) {
  return name +
         " holds text that is not UTF-8: \uFFFD stands for each byte of it that cannot be shown, and CSV has "
         "the "
         "bytes as they are. hex(…) in SQL shows them";
}

bool is_null(const database::Value& value) { return std::holds_alternative<std::monostate>(value); }

bool is_number(const database::Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value) ||
         std::holds_alternative<database::Decimal>(value);
}

}  // namespace ktx::app
