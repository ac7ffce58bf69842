#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx {

/// A program that goes on when its starter ends.
struct DetachedCommand {
  std::vector<std::string> argv{};                   ///< argv[0] is the program's path
  std::map<std::string, std::string> environment{};  ///< the whole environment of the child
  int output = -1;                                   ///< becomes its stdout and stderr
};

/// In the child, the end of the pipe on which it tells its starter how the start went.
inline constexpr int starter_descriptor = 3;

/// Starts the program in a session of its own, with /dev/null as stdin, default signals, and a pipe to its
/// starter as `starter_descriptor`. Returns our end of that pipe: at its end the child has closed its own, or
/// has ended. The child inherits further descriptors that are not close-on-exec. Throws an `io` error.
FileDescriptor start_detached(const DetachedCommand& command);

/// For the starter: what the child says on its pipe before it closes it or ends: nothing if it has started or
/// has ended without a word, else why it does not start (see `tell_starter`).
std::string told_by_child(const FileDescriptor& pipe);

/// Opens the log of a program that starts anew. Earlier logs become `log.1` and so on, up to 5. Throws an
/// `io` error.
FileDescriptor open_new_log(const std::filesystem::path& log);

/// For the child: closes every descriptor above `starter_descriptor`. Its starter may have inherited some,
/// such as the pipe of a CI job, which would wait until they are closed.
void close_inherited_descriptors();

/// For the child: detaches from the terminal, from descriptors that it inherited, and from the working
/// directory, which somebody may want to unmount. Throws an `io` error.
void settle_in_background();

/// For the child: whether its starter still waits for the outcome.
bool starter_waits();

/// For the child: tells its starter why it does not start. That it has started, the end of the pipe says.
void tell_starter(const Error& error);

}  // namespace ktx
