#pragma once

#include <optional>
#include <string>

#include "ktx/daemon/state.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/loopback_client.hpp"

namespace ktx::daemon {

/// What a host must be to answer for this process.
struct Needs {
  std::string version;  ///< of ktx
  std::string receipt;  ///< see `receipt_digest`
  runtime::Features features;
  bool code_execution = false;
};

/// The digest of the installed runtime's receipt, which names what a host was started from. Empty when there
/// is no receipt.
std::string receipt_digest(const runtime::Layout& layout);

/// Whether the host that `state` describes has all that is needed.
bool fits(const State& state, const Needs& needs);

/// A host that is alive and has proved that it holds the token of its state.
class RunningHost {
 public:
  /// The host of this state; nothing when its process has ended, or what listens on its port cannot prove to
  /// be it.
  static std::optional<RunningHost> find(const State& state);

  const State& state() const { return state_; }

  /// A POST of JSON with the host's token. Throws an `io` error when no answer came.
  HttpResponse post(const std::string& target, std::string_view body, std::chrono::milliseconds limit);

 private:
  RunningHost(State state, LoopbackClient client);
  State state_;
  LoopbackClient client_;
};

}  // namespace ktx::daemon
