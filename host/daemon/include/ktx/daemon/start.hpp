#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ktx/daemon/running_host.hpp"
#include "ktx/daemon/state.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/file_lock.hpp"

namespace ktx::daemon {

/// How a daemon is started if none that fits is running.
struct StartRequest {
  Needs needs;
  bool replace = false;  ///< also one that fits
  /// The command line of a process that calls `serve_host`, for a daemon with these features.
  std::function<std::vector<std::string>(const Needs&)> command;
  std::map<std::string, std::string> environment;    ///< of that process
  std::function<void(const std::string&)> notice{};  ///< told which process is waited for
};

struct StartResult {
  RunningHost host;
  bool existing = false;  ///< it was running already
};

/// The daemon that fits, found or started. If many processes call this at once, one starts the daemon and the
/// others find it, or its failure. A daemon that does not fit is replaced by one that has its features as
/// well. Throws a `daemon` error with the last lines that a daemon printed before it failed to start.
StartResult start_host(const runtime::Layout& layout, const StartRequest& request);

/// The right to be the daemon, for a process that serves by itself: while the lock is held, nobody else
/// starts or stops one. A daemon that does not fit, or is to be replaced, is ended first. Throws a `busy`
/// error if one that fits is running.
FileLock take_place(const runtime::Layout& layout, const Needs& needs, bool replace,
                    const std::function<void(const std::string&)>& notice);

/// The daemon that is running now and fits; std::nullopt if there is none. Takes no lock, starts nothing.
std::optional<RunningHost> find_host(const runtime::Layout& layout, const Needs& needs);

}  // namespace ktx::daemon
