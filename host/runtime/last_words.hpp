#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ktx::runtime {

/// The last lines, ten at most, of what a failed command printed, for a person to read: without uv's reports
/// of what went well, without blank lines, and without anything that steers a terminal. Long lines are cut.
std::vector<std::string> last_words(std::string_view output);

}  // namespace ktx::runtime
