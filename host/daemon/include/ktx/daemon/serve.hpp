#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/daemon/running_host.hpp"
#include "ktx/daemon/state.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::daemon {

/// The Python side of a daemon: takes the configuration as JSON and returns tagged replies
/// (docs/boundary.md).
class Server {
 public:
  virtual ~Server() = default;

  /// Loads everything that serving needs.
  virtual std::string prepare(std::string_view configuration) = 0;

  /// Serves until the daemon is to end.
  virtual std::string serve(std::string_view configuration) = 0;
};

struct ServeRequest {
  Needs has;                                 ///< what this daemon is
  std::optional<std::int64_t> idle_seconds;  ///< without a request, after which it ends; never if absent
  std::string log_level = "info";
  std::string started_at;  ///< see `format_timestamp`
  /// Called once it serves, with the state file written. Not called if `is_wanted` returns false.
  std::function<void(const State&)> on_ready;
  /// Whether anybody still waits for it; asked just before the state file is written.
  std::function<bool()> is_wanted = [] { return true; };
};

/// Serves on a free port of 127.0.0.1 in this process until it is asked to end, receives a signal, was idle
/// for long enough, or its state file no longer names it. Returns the signal's number, or 0. Throws what
/// keeps it from serving.
int serve_host(const runtime::Layout& layout, const ServeRequest& request, Server& server);

}  // namespace ktx::daemon
