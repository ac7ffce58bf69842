#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/daemon/state.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/loopback_client.hpp"

namespace ktx::daemon {

/// What a daemon must be to answer for this process.
struct Needs {
  std::string version;  ///< of ktx
  std::string receipt;  ///< see `receipt_digest`
  runtime::Features features;
  bool code_execution = false;
};

/// What identifies the runtime that a daemon was started from (`runtime::receipt_digest`). Empty if there is
/// no receipt that can be read.
std::string receipt_digest(const runtime::Layout& layout);

/// Whether the daemon that `state` describes has everything that is needed.
bool fits(const State& state, const Needs& needs);

/// A daemon that is alive and has proved that it holds the token of its state.
class RunningHost {
 public:
  /// The daemon of this state; std::nullopt if its process has ended, or if what listens on its port cannot
  /// prove to be it.
  static std::optional<RunningHost> find(const State& state);

  const State& state() const { return state_; }

  /// A POST of JSON with the daemon's token. Throws an `io` error if no answer came.
  HttpResponse post(const std::string& target, std::string_view body, std::chrono::milliseconds limit);

 private:
  RunningHost(State state, LoopbackClient client);
  State state_;
  LoopbackClient client_;
};

/// Ends the daemon of this state and returns when its process is gone: by a request, then by SIGTERM, then by
/// SIGKILL. Returns whether it was running. A process that is not exactly the one of the state is never
/// signalled.
bool end_host(const State& state);

enum class StopKind {
  none,     ///< nothing ran, and no state was there
  stopped,  ///< it ran and is gone
  stale,    ///< the state named no running daemon; it was removed, no process was signalled
};

struct StopResult {
  StopKind kind = StopKind::none;
  std::string detail;          ///< stale: why the state was not believed
  std::optional<State> state;  ///< stopped, and stale when it could be read
};

/// Ends this version's daemon on this machine and removes its state. `notice` is told which process is waited
/// for.
StopResult stop_host(const runtime::Layout& layout, const std::function<void(const std::string&)>& notice);

/// Calls operations in a running daemon. Not a `semantic::Transport`: a daemon may go away, which is no error
/// as long as the same question can be asked elsewhere.
class HostTransport {
 public:
  explicit HostTransport(RunningHost host) : host_(std::move(host)) {}

  /// The tagged reply of an operation; std::nullopt if the daemon has gone away, is ending, or is too busy.
  /// It may already have begun to answer: every operation may be called twice.
  std::optional<std::string> call(std::string_view operation, std::string_view request);

 private:
  RunningHost host_;
};

}  // namespace ktx::daemon
