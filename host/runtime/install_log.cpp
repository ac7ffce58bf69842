#include "install_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

#include "command_fault.hpp"

namespace ktx::runtime {

InstallLog::InstallLog(std::filesystem::path path)
    : path_(std::move(path)),
      file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644)) {
  if (!file_) throw system_error("Cannot write", path_.string(), errno);
}

CommandResult InstallLog::run(CommandRunner& runner, const Command& command, const std::string& name) {
  std::string header = "$ " + name;
  for (std::size_t i = 1; i < command.argv.size(); ++i) header += " " + command.argv[i];
  append(header);
  CommandResult result = runner.run(command);
  append(result.out);
  append(result.err);
  if (!result.succeeded()) throw command_failure(name + ": " + result.describe(), result);
  return result;
}

Error InstallLog::failure(const std::string& reason) {
  append("ktx: " + reason);
  return {ErrorKind::install, "Python runtime install failed. Install log: " + path_.string(),
          "Read the end of that log, then retry: ktx runtime install --yes"};
}

Error InstallLog::command_failure(const std::string& reason, const CommandResult& result) {
  Error error = failure(reason);
  const auto fault = fault_in(result.out + result.err);
  if (!fault) return error;
  return {error.kind(), error.message() + "\n" + fault->message, fault->fix};
}

void InstallLog::append(std::string text) {
  if (text.empty()) return;
  if (!text.ends_with('\n')) text += '\n';
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t count = ::write(file_.value(), rest.data(), rest.size());
    if (count >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw system_error("Cannot write", path_.string(), errno);
    }
  }
}

}  // namespace ktx::runtime
