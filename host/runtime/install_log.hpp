#pragma once

#include <filesystem>
#include <string>

#include "ktx/util/error.hpp"
#include "ktx/util/file_descriptor.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// The file in which an install keeps its commands and what they printed, for the user to read when one
/// fails.
class InstallLog {
 public:
  /// Empties the file. Throws an `io` error.
  explicit InstallLog(std::filesystem::path path);

  /// Runs the command and appends `$ <name> <arguments>` and its output. Throws the `install` error that
  /// names this log when the command fails.
  CommandResult run(CommandRunner& runner, const Command& command, const std::string& name);

  /// The error of an install that failed for `reason`; the reason is written to the log.
  Error failure(const std::string& reason);

 private:
  /// As `failure`, with what the command said of the disk or the network when that is why it failed.
  Error command_failure(const std::string& reason, const CommandResult& result);

  void append(std::string text);

  std::filesystem::path path_;
  FileDescriptor file_;
};

}  // namespace ktx::runtime
