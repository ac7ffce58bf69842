#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::runtime {

/// Why uv, pip or Python failed, where the reason lies outside of them.
struct CommandFault {
  std::string message;  ///< one line
  std::string fix;
};

/// What a failed program's output says of the disk (full, over quota, not writable) or of the network (a
/// certificate that was not accepted, an index that did not answer, packages that are not in the cache when
/// there is no network). std::nullopt otherwise.
std::optional<CommandFault> fault_in(std::string_view output);

/// "error: what failed (why)" from what uv printed to stderr: its error and the innermost of its causes.
std::string uv_reason(std::string_view output);

/// The last lines, ten at most, of what a failed command printed, for a person to read: without uv's reports
/// of what went well, without blank lines, and without anything that steers a terminal. Long lines are cut.
std::vector<std::string> last_words(std::string_view output);

}  // namespace ktx::runtime
