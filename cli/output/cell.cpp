#include "output/cell.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace ktx::cli {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::string real_text(double value) {
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  std::string text(digits.data(), end);
  // A real stays recognisable as one, as the sqlite3 shell shows it.
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string cell_text(const database::Value& value) {
  return std::visit(Overloaded{[](std::monostate) { return std::string(); },
                               [](std::int64_t number) { return std::to_string(number); },
                               [](double number) { return real_text(number); },
                               [](const std::string& text) { return text; },
                               [](const database::Blob& blob) { return database::to_hex(blob); }},
                    value);
}

Json cell_json(const database::Value& value) {
  return std::visit(
      Overloaded{[](std::monostate) { return Json(); }, [](std::int64_t number) { return Json(number); },
                 [](double number) { return std::isfinite(number) ? Json(number) : Json(real_text(number)); },
                 [](const std::string& text) { return Json(text); },
                 [](const database::Blob& blob) { return Json(database::to_hex(blob)); }},
      value);
}

bool is_null(const database::Value& value) { return std::holds_alternative<std::monostate>(value); }

bool is_number(const database::Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

}  // namespace ktx::cli
