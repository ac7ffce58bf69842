#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ktx/app/session.hpp"
#include "ktx/daemon/running_host.hpp"
#include "ktx/daemon/start.hpp"

namespace ktx::app {

/// What a daemon is to be.
struct DaemonRequest {
  runtime::Features features;
  bool code_execution = false;
  bool replace = false;
  std::int64_t idle_seconds = default_idle_seconds;  ///< 0: it never ends by itself
  std::string log_level = "info";

  static constexpr std::int64_t default_idle_seconds = 3600;
};

/// What a host must be to answer for this ktx and the runtime that is installed now.
daemon::Needs daemon_needs(const runtime::Layout& layout, const DaemonRequest& request);

/// The host of the managed runtime, found or started as a process of its own. The runtime must be installed.
/// Throws what `daemon::start_host` does.
daemon::StartResult start_daemon(const Session& session, const DaemonRequest& request);

/// Ends the daemon, if one runs.
daemon::StopResult stop_daemon(const Session& session);

/// Serves in this process until it is stopped, in the place of a daemon that does not fit; the runtime is
/// installed first where `consent` allows it. `on_ready` is called once it can be asked. The exit code: 0, or
/// 128 and the signal that ended it. Throws a `busy` error when one that fits runs already.
int serve_in_foreground(Session& session, const DaemonRequest& request, const InstallConsent& consent,
                        const std::function<void(const daemon::State&)>& on_ready);

/// The same in the process that `start_daemon` has started, which outlives terminals and tells its starter
/// how the start went.
int serve_in_background(Session& session, const DaemonRequest& request);

}  // namespace ktx::app
