#include "install_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "command_fault.hpp"

namespace ktx::runtime {
namespace {

// The lines to show of a failed command. How it ended is only worth a line if it printed nothing or was
// killed.
std::vector<std::string> details_of(const CommandResult& result, const std::string& reason) {
  std::vector<std::string> details = last_words(result.err);
  if (details.empty()) details = last_words(result.out);
  if (details.empty() || result.end != CommandResult::End::exited) details.push_back(reason);
  return details;
}

}  // namespace

InstallLog::InstallLog(std::filesystem::path path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {}

CommandResult InstallLog::run(CommandRunner& runner, Command command, const std::string& name) {
  std::string header = "$ " + name;
  for (std::size_t i = 1; i < command.argv.size(); ++i) header += " " + command.argv[i];
  append_line(header);
  const auto variables = command.environment;
  CommandResult result = run_streamed(runner, std::move(command));
  if (!result.succeeded()) throw command_failure(name + ": " + result.describe(), result, variables);
  return result;
}

CommandResult InstallLog::run_streamed(CommandRunner& runner, Command command) {
  const off_t start = end_;
  command.on_output = [this](std::string_view bytes) { append(bytes); };
  try {
    CommandResult result = runner.run(command);
    // Written again over what was written as it arrived, where the two streams may be mixed.
    end_ = start;
    at_line_start_ = true;
    if (!result.out.empty()) append_line(result.out);
    if (!result.err.empty()) append_line(result.err);
    return result;
  } catch (const Error& error) {
    append_line("ktx: " + error.message());
    throw;
  }
}

// Adds what the command's output says about the disk or the network, if it says why the command failed.
Error InstallLog::command_failure(const std::string& reason, const CommandResult& result,
                                  const std::map<std::string, std::string>& variables) {
  std::vector<std::string> details = details_of(result, reason);
  const auto fault = fault_in(result.out + result.err, variables);
  if (fault) details.insert(details.begin(), fault->message);
  const Error error = failure(reason, std::move(details));
  return fault ? Error(error.kind(), error.message(), fault->fix, error.details()) : error;
}

Error InstallLog::failure(const std::string& reason, std::vector<std::string> details) {
  append_line("ktx: " + reason);
  if (details.empty()) details = last_words(reason);
  return {ErrorKind::install, "Python runtime install failed. Install log: " + path_.string(),
          "Read the end of that log, then retry: ktx runtime install --yes", std::move(details)};
}

void InstallLog::append_line(std::string_view text) {
  if (!at_line_start_) append("\n");
  append(text);
  if (!at_line_start_) append("\n");
}

void InstallLog::append(std::string_view text) {
  if (!text.empty()) at_line_start_ = text.ends_with('\n');
  while (!text.empty()) {
    // pwrite, because `run_streamed` goes back to write the output again.
    const ssize_t count = ::pwrite(file_.value(), text.data(), text.size(), end_);
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
      end_ += count;
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace ktx::runtime
