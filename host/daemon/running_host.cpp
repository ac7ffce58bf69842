#include "ktx/daemon/running_host.hpp"

#include <csignal>
#include <utility>

#include "ktx/daemon/state.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/util/access.hpp"
#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/random.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::daemon {
namespace {

// A daemon that is this slow is of no use: the client is faster on its own.
constexpr std::chrono::seconds proof_limit{5};

// Asks who listens there without giving the token away: only a process that has it can answer the challenge.
// After a crash of the daemon, anybody may listen on its port.
bool proves_itself(LoopbackClient& client, const State& state) {
  constexpr std::size_t challenge_digits = 32;
  const std::string challenge = random_hex(challenge_digits);
  try {
    const HttpResponse response = client.send(
        {.method = "GET", .target = "/health", .headers = {{"X-Ktx-Challenge", challenge}}}, proof_limit);
    const auto proof = response.headers.find("x-ktx-proof");
    return response.status == 200 && proof != response.headers.end() &&
           proof->second == hex(hmac_sha256(state.token, challenge));
  } catch (const Error&) {
    return false;
  }
}

// For a daemon that hangs; one that ends closes the connection at once.
constexpr std::chrono::minutes answer_limit{10};

}  // namespace

std::string receipt_digest(const runtime::Layout& layout) {
  const ScopedSpan span("digest receipt");
  try {
    return runtime::receipt_digest(layout).value_or("");
  } catch (const Error&) {
    return {};  // the state of the runtime says why it cannot be read
  }
}

bool fits(const State& state, const Needs& needs) {
  return state.version == needs.version && state.receipt == needs.receipt &&
         runtime::satisfies(state.features, needs.features) &&
         (state.code_execution || !needs.code_execution);
}

RunningHost::RunningHost(State state, LoopbackClient client)
    : state_(std::move(state)), client_(std::move(client)) {}

std::optional<RunningHost> RunningHost::find(const State& state) {
  // First, because it needs no connection: most stale states name a process that has ended.
  if (!Process::find(state.process)) return std::nullopt;
  const ScopedSpan span("connect and challenge");
  LoopbackClient client(state.port);
  if (!proves_itself(client, state)) return std::nullopt;
  return RunningHost(state, std::move(client));
}

HttpResponse RunningHost::post(const std::string& target, std::string_view body,
                               std::chrono::milliseconds limit) {
  const HttpRequest request{
      .method = "POST",
      .target = target,
      .headers = {{"Authorization", "Bearer " + state_.token}, {"Content-Type", "application/json"}},
      .body = body};
  return client_.send(request, limit);
}

namespace {

using std::chrono::seconds;

constexpr seconds request_limit{3};
constexpr seconds after_request{4};
constexpr seconds after_terminate{10};
constexpr seconds after_kill{60};  // a process that waits for a disk ends only when the disk answers

// Whether the daemon accepted the request.
bool ask_to_end(const State& state) {
  try {
    auto host = RunningHost::find(state);
    return host && host->post("/shutdown", "{}", request_limit).status == 200;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

bool end_host(const State& state) {
  const auto process = Process::find(state.process);
  if (!process) return false;
  if (ask_to_end(state) && process->wait_for_end(after_request)) return true;
  process->signal(SIGTERM);
  if (process->wait_for_end(after_terminate)) return true;
  process->signal(SIGKILL);
  if (process->wait_for_end(after_kill)) return true;
  throw Error(ErrorKind::daemon,
              "The KTX Python daemon, process " + std::to_string(state.process.pid) + ", does not end",
              "The system does not let it go: look at it with ps, or restart the machine");
}

StopResult stop_host(const runtime::Layout& layout, const std::function<void(const std::string&)>& notice) {
  if (presence_of(layout.daemon_dir) == Presence::absent) return {};
  // Before the lock file is opened in it: another user's folder must not be trusted.
  make_daemon_directory(layout);
  const FileLock lock = FileLock::acquire(layout.daemon_lock_path, LockMode::exclusive, [&](const auto&) {
    if (notice) notice("Waiting for another process, which starts or stops the KTX Python daemon");
  });
  LoadedState loaded = load_state(layout);
  if (loaded.absent()) return {};
  StopResult result{
      .kind = StopKind::stale, .detail = std::move(loaded.refusal), .state = std::move(loaded.state)};
  if (result.state && end_host(*result.state)) result.kind = StopKind::stopped;
  if (result.kind == StopKind::stale && result.detail.empty()) {
    result.detail = "its process " + std::to_string(result.state->process.pid) + " has ended";
  }
  remove_state(layout);
  return result;
}

std::optional<std::string> HostTransport::call(std::string_view operation, std::string_view request) {
  const ScopedSpan span("exchange with daemon");
  try {
    HttpResponse response = host_.post("/call/" + std::string(operation), request, answer_limit);
    // Anything else speaks of the exchange, not of the question.
    if (response.status == 200) {
      record_fact("transport", "daemon");
      return std::move(response.body);
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::io) throw;
  }
  return std::nullopt;
}

}  // namespace ktx::daemon
