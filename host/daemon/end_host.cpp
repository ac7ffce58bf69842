#include "end_host.hpp"

#include <csignal>

#include "ktx/daemon/running_host.hpp"
#include "ktx/util/error.hpp"

namespace ktx::daemon {
namespace {

using std::chrono::seconds;

constexpr seconds request_limit{3};
constexpr seconds after_request{4};
constexpr seconds after_terminate{10};
constexpr seconds after_kill{60};  // it may be waiting for a disk

/// Whether it was there to take the request.
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

}  // namespace ktx::daemon
