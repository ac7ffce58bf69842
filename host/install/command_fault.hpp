#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::runtime {

/// Why uv, pip or Python failed, if the reason lies outside of them.
struct CommandFault {
  std::string message;  ///< one line
  std::string fix;
};

/// What a failed program's output says about the disk (full, over quota, not writable) or the network (a
/// certificate that was not accepted, an index that did not answer, refused or has not everything, packages
/// missing from the cache when there is no network). std::nullopt if it says neither. `variables` are those
/// of the program, of which the index is named.
std::optional<CommandFault> fault_in(std::string_view output,
                                     const std::map<std::string, std::string>& variables);

/// "error: what failed (why)" from uv's stderr: its error and the innermost of its causes.
std::string uv_reason(std::string_view output);

/// The last lines, at most ten, of what a failed command printed, to be shown: without uv's reports of
/// successful steps, blank lines and control sequences of terminals. Long lines are cut.
std::vector<std::string> last_words(std::string_view output);

}  // namespace ktx::runtime
