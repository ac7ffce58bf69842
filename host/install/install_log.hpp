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

/// The file in which an install records its commands and their output, for the user to read after a failure.
/// Output is written as it arrives, so that the log is complete even if the command or ktx is killed. Errors
/// of writing, as on a full disk, are ignored: a log is no reason to fail.
class InstallLog {
 public:
  /// Empties the file.
  explicit InstallLog(std::filesystem::path path);

  /// Runs the command and appends `$ <name> <arguments>`, then its output; at the end, stdout stands before
  /// stderr. If the command fails, throws the `install` error that names this log, with the command's last
  /// lines.
  CommandResult run(CommandRunner& runner, Command command, const std::string& name);

  /// The error of an install that failed for `reason`, which is also written to the log. `details` are shown
  /// with it; if empty, the reason is.
  Error failure(const std::string& reason, std::vector<std::string> details = {});

 private:
  Error command_failure(const std::string& reason, const CommandResult& result,
                        const std::map<std::string, std::string>& variables);
  CommandResult run_streamed(CommandRunner& runner, Command command);
  void append(std::string_view text);
  void append_line(std::string_view text);

  std::filesystem::path path_;
  FileDescriptor file_;
  off_t end_ = 0;              ///< where the next byte goes
  bool at_line_start_ = true;  ///< whether the byte before that is a line break
};

}  // namespace ktx::runtime
