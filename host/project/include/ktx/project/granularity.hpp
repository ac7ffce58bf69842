#pragma once

#include <array>
#include <string_view>

namespace ktx::project {

/// The periods that durations are counted in, as in semantic_layer.times.grain.
inline constexpr std::array<std::string_view, 8> duration_units = {"second", "minute", "hour",    "day",
                                                                   "week",   "month",  "quarter", "year"};

/// The periods that times are cut into: these, and the two that begin when a calendar says.
inline constexpr std::array<std::string_view, 10> granularities = {
    "second", "minute", "hour", "day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year"};

}  // namespace ktx::project
