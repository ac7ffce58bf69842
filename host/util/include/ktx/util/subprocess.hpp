#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ktx {

/// A program to run: executed directly, never through a shell.
struct Command {
  std::vector<std::string> argv{};                   ///< argv[0] is the program's path; no PATH look-up
  std::map<std::string, std::string> environment{};  ///< the whole environment of the child
  std::filesystem::path directory{};                 ///< its working directory; ours when empty
  std::string input{};                               ///< its standard input
  std::chrono::milliseconds time_limit{0};           ///< after which it is killed; none when zero
  /// Called with each line of stdout and stderr as it arrives, without its line break.
  std::function<void(std::string_view line)> on_line{};
  /// Called with the bytes of stdout and stderr as they arrive, before the lines in them.
  std::function<void(std::string_view bytes)> on_output{};
};

/// How a command ended and what it printed.
struct CommandResult {
  enum class End { exited, signalled, timed_out, too_much_output, not_started };

  End end = End::exited;
  int code = 0;  ///< exited: the exit code; signalled: the signal; not_started: the errno
  std::string out;
  std::string err;

  bool succeeded() const { return end == End::exited && code == 0; }

  /// "exit code 2", "killed by SIGSEGV", "no answer within 10 s", "cannot be started: Permission denied".
  std::string describe() const;

  std::chrono::milliseconds time_limit{0};  ///< the command's limit
};

/// Runs other programs; ktx starts none in any other way, except the daemon (see detached.hpp).
class CommandRunner {
 public:
  virtual ~CommandRunner() = default;

  /// Runs the command to its end. A command that fails is a value, not an exception. Throws `interrupted` if
  /// a signal to end arrives meanwhile (interrupt.hpp); by then the command and everything that it started
  /// have ended, and the callbacks have seen all of their output.
  virtual CommandResult run(const Command& command) = 0;
};

/// Runs real processes, each in a process group of its own, with SIGPIPE as programs expect it.
class ProcessRunner : public CommandRunner {
 public:
  static constexpr std::size_t output_limit = std::size_t{20} << 20U;  ///< bytes, of each stream

  CommandResult run(const Command& command) override;
};

}  // namespace ktx
