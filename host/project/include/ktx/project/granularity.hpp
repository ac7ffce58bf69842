#pragma once

#include <array>
#include <string_view>

namespace ktx::project {

/// The periods that times are cut into, as in semantic_layer.times.grain.
inline constexpr std::array<std::string_view, 8> granularities = {"second", "minute", "hour",    "day",
                                                                  "week",   "month",  "quarter", "year"};

}  // namespace ktx::project
