#include "time_checks.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "ktx/app/cell.hpp"
#include "ktx/util/error.hpp"

namespace ktx::app {
namespace {

/// The number that a value is, or that a text is from its first to its last character.
std::optional<double> number_in(const database::Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  const auto* decimal = std::get_if<database::Decimal>(&value);
  const auto* text = decimal != nullptr ? &decimal->digits : std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  double number = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

/// How a column that holds a number says so, by its magnitude: seconds since 1973 have nine digits and more,
/// milliseconds twelve, and the Julian days of the last centuries begin with 2,4.
std::string storage_of(double number) {
  const double size = std::abs(number);
  if (size >= 2e6 && size < 3e6) return "julian";
  if (size >= 1e11 && size < 1e14) return "unix_ms";
  if (size >= 1e8 && size < 1e11) return "unix";
  return "";
}

bool begins_with_day(const std::string& text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() >= 10 && text[4] == '-' && text[7] == '-' &&
         std::all_of(text.begin(), text.begin() + 4, is_digit);
}

std::string advice(const semantic::TimeCheck& check, const database::Value& value) {
  std::string storage;
  if (const auto number = number_in(value)) {
    storage = storage_of(*number);
  } else if (const auto* text = std::get_if<std::string>(&value); text != nullptr && begins_with_day(*text)) {
    // On SQLite this form is read without a word, so that it is the value itself that is wrong.
    if (check.probe) storage = "text";
  }
  const std::string column = "the column " + check.column + " of the source " + check.source;
  if (!storage.empty() && storage != check.storage) return "Write `storage: " + storage + "` on " + column;
  return "Correct the values, or declare " + column +
         " as `type: string`, or compute one that gives 2026-03-01 12:00:00";
}

std::string shown(const database::Value& value) { return cell_json(value).dump(); }

/// A value that the check finds; nothing when there is none.
std::optional<database::Value> unreadable(database::Executor& executor, const semantic::TimeCheck& check,
                                          const std::string& timezone) {
  if (check.probe) {
    const database::Result kind = executor.execute(*check.probe, {1, {}, timezone});
    if (!kind.types.empty() && kind.types.front() == database::ColumnType::time) return std::nullopt;
  }
  const database::Result found = executor.execute(check.sql, {1, {}, timezone});
  if (found.rows.empty() || found.rows.front().empty()) return std::nullopt;
  return found.rows.front().front();
}

std::string fault(const semantic::TimeCheck& check, const database::Value& value) {
  const std::string as = check.storage ? " as `storage: " + *check.storage + "` says" : "";
  return check.source + "." + check.column + " holds " + shown(value) + ", which cannot be read as a time" +
         as;
}

}  // namespace

void refuse_unreadable_times(database::Executor& executor, const semantic::CompiledQuery& compiled) {
  for (const semantic::TimeCheck& check : compiled.checks) {
    if (!check.is_compared) continue;
    const auto value = unreadable(executor, check, compiled.timezone);
    if (!value) continue;
    throw Error(ErrorKind::model, fault(check, *value) + ", and the query compares it with times",
                advice(check, *value));
  }
}

void warn_of_unreadable_times(database::Executor& executor, semantic::CompiledQuery& compiled) {
  for (const semantic::TimeCheck& check : compiled.checks) {
    if (check.is_compared) continue;
    const auto value = unreadable(executor, check, compiled.timezone);
    if (!value) continue;
    compiled.warnings.push_back(
        {"time_unreadable", "warning",
         fault(check, *value) + ", so that its group is wrong. " + advice(check, *value), ""});
  }
}

}  // namespace ktx::app
