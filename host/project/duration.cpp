#include "duration.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "ktx/project/findings.hpp"
#include "ktx/project/granularity.hpp"

namespace ktx::project {
namespace {

struct Duration {
  std::string_view number;
  std::string_view unit;
};

// The digits at the beginning of the text and what follows them and the blanks behind them; std::nullopt
// unless the number is a whole one above zero.
std::optional<Duration> split(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || text.front() == '0') return std::nullopt;
  std::string_view unit = text.substr(digits);
  unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
  return Duration{text.substr(0, digits), unit};
}

std::string_view without_plural(std::string_view unit) {
  if (unit.ends_with('s')) unit.remove_suffix(1);
  return unit;
}

}  // namespace

bool is_duration(std::string_view text) {
  const auto duration = split(text);
  // "28days" is not what the planner reads.
  if (!duration || !text.substr(duration->number.size()).starts_with(' ')) return false;
  return std::ranges::find(duration_units, without_plural(duration->unit)) != duration_units.end();
}

std::string meant_duration(std::string_view text) {
  const auto duration = split(text);
  if (!duration) return {};
  const bool is_one = duration->number == "1";
  const std::string unit =
      closest(without_plural(duration->unit), {duration_units.begin(), duration_units.end()});
  return unit.empty() ? "" : std::string(duration->number) + " " + unit + (is_one ? "" : "s");
}

std::string duration_pattern() {
  std::string units;
  for (const std::string_view unit : duration_units) units.append(units.empty() ? "" : "|").append(unit);
  return "^[1-9][0-9]* +(" + units + ")s?$";
}

}  // namespace ktx::project
