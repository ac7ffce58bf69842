#pragma once

#include <string>
#include <string_view>

namespace ktx::project {

/// Whether the text is a number and a granularity, as "28 days" or "1 year".
bool is_duration(std::string_view text);

/// The duration that was probably meant by a text that is none: "28 days" for "28 dys"; empty when none is
/// close.
std::string meant_duration(std::string_view text);

/// The texts that are durations, as a regular expression of JSON Schema.
std::string duration_pattern();

}  // namespace ktx::project
