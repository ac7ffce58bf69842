#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// The file in which an install keeps its commands and what they printed, for the user to read when one
/// fails. What a command prints is written as it comes, so that the log is complete whatever becomes of the
/// command or of ktx. What cannot be written, as on a full disk, is lost: a log is no reason to fail.
class InstallLog {
 public:
  /// Empties the file.
  explicit InstallLog(std::filesystem::path path);

  /// Runs the command and appends `$ <name> <arguments>`, then its output: in the end its stdout before its
  /// stderr. Throws the `install` error that names this log, with the command's last words, when it fails.
  CommandResult run(CommandRunner& runner, Command command, const std::string& name);

  /// The error of an install that failed for `reason`; the reason is written to the log. `details`: what is
  /// shown of it; the reason when empty.
  Error failure(const std::string& reason, std::vector<std::string> details = {});

 private:
  Error command_failure(const std::string& reason, const CommandResult& result);
  CommandResult run_streamed(CommandRunner& runner, Command command);
  void append(std::string_view text);
  void append_line(std::string_view text);

  std::filesystem::path path_;
  FileDescriptor file_;
  off_t end_ = 0;              ///< where the next byte goes
  bool at_line_start_ = true;  ///< whether the byte before that is a line break
};

}  // namespace ktx::runtime
