#include "ktx/app/cell.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
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

// A JSON number if a double holds all the digits (12.30 becomes 12.3), else the digits as a text: a reader
// would round them without notice.
Json decimal_json(const database::Decimal& number) {
  const auto significant = std::ranges::count_if(number.digits, [](char c) { return c >= '0' && c <= '9'; });
  double value = 0;
  const char* const end = number.digits.data() + number.digits.size();
  const auto read = std::from_chars(number.digits.data(), end, value);
  const bool whole = read.ec == std::errc() && read.ptr == end;
  return whole && significant <= std::numeric_limits<double>::digits10 ? Json(value) : Json(number.digits);
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
                 [](std::int64_t number) { return Json(number); },
                 [](double number) { return std::isfinite(number) ? Json(number) : Json(real_text(number)); },
                 [](const database::Decimal& number) { return decimal_json(number); },
                 [](const std::string& text) { return Json(text); },
                 [](const database::Blob& blob) { return Json(database::to_hex(blob)); }},
      value);
}

bool is_null(const database::Value& value) { return std::holds_alternative<std::monostate>(value); }

bool is_number(const database::Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value) ||
         std::holds_alternative<database::Decimal>(value);
}

}  // namespace ktx::app
