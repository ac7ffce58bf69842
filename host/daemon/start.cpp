#include "ktx/daemon/start.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "ktx/daemon/running_host.hpp"
#include "ktx/daemon/state.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/detached.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/random.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::daemon {
namespace {

// Why the last start failed, kept for the processes that waited for it: each would start a daemon that fails
// the same way.
struct KnownFailure {
  std::string id;  ///< random: tells one failure from the next without a clock
  Error error;
};

// The last failure; std::nullopt if there was none, or it cannot be read.
std::optional<KnownFailure> load_failure(const runtime::Layout& layout) {
  try {
    const auto text = read_file_if_exists(layout.daemon_failure_path);
    if (!text) return std::nullopt;
    const Json document = parse_json(*text, "The last failure", ErrorKind::daemon);
    const JsonObject failure(document, "The last failure", ErrorKind::daemon);
    return KnownFailure{failure.string("id"), Error(ErrorKind::daemon, failure.string("message"),
                                                    failure.string("fix"), failure.strings("details"))};
  } catch (const Error&) {
    return std::nullopt;
  }
}

void write_failure(const runtime::Layout& layout, const Error& error) {
  try {
    const Json failure = {{"id", random_id()},
                          {"message", error.message()},
                          {"fix", error.fix()},
                          {"details", error.details()}};
    write_file_atomically(layout.daemon_failure_path, pretty_json(failure), 0600);
  } catch (const Error&) {
    // The starter reports the failure itself; the file is only for processes that wait.
  }
}

void forget_failure(const runtime::Layout& layout) { ::unlink(layout.daemon_failure_path.c_str()); }

namespace fs = std::filesystem;

constexpr std::size_t last_lines_shown = 10;

// The last lines that a daemon printed: usually why it ended.
std::vector<std::string> last_lines(const fs::path& path) {
  std::vector<std::string> lines;
  const std::string text = read_file_if_exists(path).value_or("");
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (lines.size() > last_lines_shown) lines.erase(lines.begin(), lines.end() - last_lines_shown);
  return lines;
}

// The last lines without the daemon's own report of the error, which is said already.
std::vector<std::string> last_words(const fs::path& output, const std::string& message,
                                    const std::string& fix) {
  std::vector<std::string> lines = last_lines(output);
  std::erase_if(lines, [&](const std::string& line) { return line == message || line == "Fix: " + fix; });
  return lines;
}

// The error that a starting daemon reported, or that it ended without one.
Error start_failure(const runtime::Layout& layout, const std::string& message) {
  const std::string fix = "See " + layout.daemon_output_path.string() + ", or run without it: --no-daemon";
  if (message.empty()) {
    return {ErrorKind::daemon, "The KTX Python daemon did not start: it ended before it was ready", fix,
            last_lines(layout.daemon_output_path)};
  }
  const Json document = parse_json(message, "The starting daemon's message", ErrorKind::daemon);
  const JsonObject failure(document, "The starting daemon's message", ErrorKind::daemon);
  const std::string reason = failure.string("message");
  const std::string its_own = failure.string("fix");
  return {ErrorKind::daemon, "The KTX Python daemon did not start: " + reason,
          its_own.empty() ? fix : its_own, last_words(layout.daemon_output_path, reason, its_own)};
}

// Starts the process and waits until it serves, however long it loads. The daemon writes the error of a
// failed start to its pipe, and nothing if it serves.
RunningHost launch(const runtime::Layout& layout, const StartRequest& request, const Needs& needs) {
  const FileDescriptor output = open_new_log(layout.daemon_output_path);
  const FileDescriptor pipe = start_detached(
      {.argv = request.command(needs), .environment = request.environment, .output = output.value()});
  const std::string message = told_by_child(pipe);
  const LoadedState loaded = load_state(layout);
  if (message.empty() && loaded.state) {
    if (auto host = RunningHost::find(*loaded.state)) return *std::move(host);
  }
  throw start_failure(layout, message);
}

RunningHost launch_or_remember(const runtime::Layout& layout, const StartRequest& request,
                               const Needs& needs) {
  try {
    RunningHost host = launch(layout, request, needs);
    forget_failure(layout);
    return host;
  } catch (const Error& error) {
    write_failure(layout, error);
    throw;
  }
}

// What the next daemon must have, so that users of the present one miss nothing.
Needs with_features_of(const State& state, Needs needs) {
  needs.features.insert(needs.features.end(), state.features.begin(), state.features.end());
  needs.features = runtime::normalize(needs.features);
  return needs;
}

// Waits for processes that start or stop a daemon; throws if the start that was waited for failed.
FileLock lock_place(const runtime::Layout& layout, const std::function<void(const std::string&)>& notice) {
  make_daemon_directory(layout);
  const auto before = load_failure(layout);
  bool waited = false;
  FileLock lock = FileLock::acquire(layout.daemon_lock_path, LockMode::exclusive, [&](const auto& holder) {
    waited = true;
    const std::string who = holder ? "process " + std::to_string(holder->pid) : "another process";
    if (notice) notice("Waiting for " + who + ", which starts or stops the KTX Python daemon");
  });
  const auto after = load_failure(layout);
  if (waited && after && (!before || before->id != after->id)) throw after->error;
  return lock;
}

}  // namespace

std::optional<RunningHost> find_host(const runtime::Layout& layout, const Needs& needs) {
  const ScopedSpan span("find daemon");
  const LoadedState loaded = load_state(layout);
  if (!loaded.state || !fits(*loaded.state, needs)) return std::nullopt;
  return RunningHost::find(*loaded.state);
}

FileLock take_place(const runtime::Layout& layout, const Needs& needs, bool replace,
                    const std::function<void(const std::string&)>& notice) {
  FileLock lock = lock_place(layout, notice);
  const LoadedState loaded = load_state(layout);
  if (loaded.state && !replace && fits(*loaded.state, needs) && Process::find(loaded.state->process)) {
    throw Error(ErrorKind::busy,
                "A KTX Python daemon runs already: process " + std::to_string(loaded.state->process.pid) +
                    " at " + url(*loaded.state),
                "Run: ktx runtime stop, or start with --force");
  }
  // Ended under the lock, so that nobody takes the freed place before this process does.
  if (loaded.state) end_host(*loaded.state);
  remove_state(layout);
  return lock;
}

StartResult start_host(const runtime::Layout& layout, const StartRequest& request) {
  if (!request.replace) {
    // Without the lock: the usual case is a daemon that is running.
    if (auto host = find_host(layout, request.needs)) return {*std::move(host), true};
  }
  const FileLock lock = lock_place(layout, request.notice);
  const LoadedState loaded = load_state(layout);
  Needs needs = request.needs;
  if (loaded.state) {
    if (!request.replace && fits(*loaded.state, needs)) {
      if (auto host = RunningHost::find(*loaded.state)) return {*std::move(host), true};
    }
    // Features of another receipt may not be installed any more.
    if (end_host(*loaded.state) && loaded.state->receipt == needs.receipt) {
      needs = with_features_of(*loaded.state, std::move(needs));
    }
  }
  remove_state(layout);
  return {launch_or_remember(layout, request, needs), false};
}

}  // namespace ktx::daemon
