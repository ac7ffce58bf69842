#include "ktx/app/output_columns.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace ktx::app {
namespace {

// Every other granularity, a calendar's own among them, begins with a day.
constexpr std::array<std::string_view, 3> shorter_than_a_day = {"second", "minute", "hour"};

bool is_days(const semantic::OutputColumn& column) {
  return column.granularity &&
         std::ranges::find(shorter_than_a_day, *column.granularity) == shorter_than_a_day.end();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes ":00" off the front of the text; false if it does not begin so.
bool take_zeros(std::string_view& text) {
  if (!text.starts_with(":00")) return false;
  text.remove_prefix(3);
  return true;
}

// Whether the text is nothing, "Z", or an offset such as "+02", "+0200" or "+02:00".
bool is_zone(std::string_view text) {
  if (text.empty() || text == "Z") return true;
  if (!text.starts_with('+') && !text.starts_with('-')) return false;
  return std::ranges::all_of(text.substr(1), [](char c) { return is_digit(c) || c == ':'; });
}

// Whether the text is the clock of a midnight: "00:00", "00:00:00", "00:00:00.000000+02:00".
bool is_midnight(std::string_view clock) {
  if (!clock.starts_with("00")) return false;
  clock.remove_prefix(2);
  if (!take_zeros(clock)) return false;
  if (take_zeros(clock) && clock.starts_with('.')) {
    const std::size_t end = clock.find_first_not_of('0', 1);
    clock.remove_prefix(std::min(end, clock.size()));
  }
  if (clock.starts_with(' ')) clock.remove_prefix(1);
  return is_zone(clock);
}

void show_as_date(database::Value& value) {
  auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return;
  constexpr std::size_t least = std::string_view("2025-11-01").size();
  const std::size_t end = text->find_first_of("T ", least);
  if (end == std::string::npos || !is_digit(text->front())) return;
  if (is_midnight(std::string_view(*text).substr(end + 1))) text->resize(end);
}

// The values at the places that are kept.
template <typename Value>
void keep_only(std::vector<Value>& values, const std::vector<std::size_t>& kept) {
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i] != i) values[i] = std::move(values[kept[i]]);
  }
  values.erase(values.begin() + static_cast<std::ptrdiff_t>(kept.size()), values.end());
}

// The same places among those that are kept.
std::vector<std::size_t> moved(const std::vector<std::size_t>& places, const std::vector<std::size_t>& kept) {
  std::vector<std::size_t> result;
  for (const std::size_t place : places) {
    const auto found = std::ranges::find(kept, place);
    if (found != kept.end()) result.push_back(static_cast<std::size_t>(found - kept.begin()));
  }
  return result;
}

}  // namespace

void show_days_as_dates(const std::vector<semantic::OutputColumn>& columns, database::Result& result) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!is_days(columns[i])) continue;
    for (auto& row : result.rows) show_as_date(row[i]);
  }
}

void leave_out_parts(std::vector<semantic::OutputColumn>& columns, database::Result& result) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].is_part) kept.push_back(i);
  }
  if (kept.size() == columns.size()) return;
  keep_only(columns, kept);
  keep_only(result.columns, kept);
  if (!result.types.empty()) keep_only(result.types, kept);
  for (auto& row : result.rows) keep_only(row, kept);
  result.not_utf8 = moved(result.not_utf8, kept);
}

}  // namespace ktx::app
