#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ktx/app/session.hpp"
#include "ktx/daemon/running_host.hpp"
#include "ktx/daemon/start.hpp"

namespace ktx::app {

/// The properties of a daemon to be started.
struct DaemonRequest {
  runtime::Features features;
  bool code_execution = false;
  bool replace = false;
  std::int64_t idle_seconds = default_idle_seconds;  ///< 0: never end by itself
  std::string log_level = "info";

  static constexpr std::int64_t default_idle_seconds = 3600;
};

/// What a running daemon must have to answer for this ktx and the installed runtime.
daemon::Needs daemon_needs(const runtime::Layout& layout, const DaemonRequest& request);

/// Finds the daemon of the managed runtime, or starts one as a process of its own. The runtime must be
/// installed. Throws what `daemon::start_host` throws.
daemon::StartResult start_daemon(const Session& session, const DaemonRequest& request);

/// Ends the daemon, if one runs.
daemon::StopResult stop_daemon(const Session& session);

/// Serves in this process until it is stopped, in place of a daemon that does not fit. Installs the runtime
/// first if `consent` allows it. `on_ready` is called once requests are accepted. Returns the exit code: 0,
/// or 128 plus the signal that ended it. Throws a `busy` error if a daemon that fits already runs.
int serve_in_foreground(Session& session, const DaemonRequest& request, const InstallConsent& consent,
                        const std::function<void(const daemon::State&)>& on_ready);

/// Serves in the process that `start_daemon` has started, which outlives terminals and tells its parent how
/// the start went. Returns the exit code, as `serve_in_foreground`.
int serve_in_background(Session& session, const DaemonRequest& request);

}  // namespace ktx::app
