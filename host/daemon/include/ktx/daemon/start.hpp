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

/// How a host is started when none is there that fits.
struct StartRequest {
  Needs needs;
  bool replace = false;  ///< also one that fits
  /// The command line of a process that calls `serve`, for a host with these features.
  std::function<std::vector<std::string>(const Needs&)> command;
  std::map<std::string, std::string> environment;    ///< of that process
  std::function<void(const std::string&)> notice{};  ///< told whom is waited for
};

struct StartResult {
  RunningHost host;
  bool existing = false;  ///< it was running already
};

/// The host that fits, found or started. Of many that call it at once, one starts and the others find its
/// host, or its failure. A host that does not fit is replaced by one that has its features as well. Throws a
/// `daemon` error with the last words of a host that failed to start.
StartResult start_host(const runtime::Layout& layout, const StartRequest& request);

/// The right to be the host, for a process that serves by itself: nobody else starts or stops one while the
/// lock is held. One that does not fit, or is to be replaced, is ended first. Throws a `busy` error when one
/// that fits runs.
FileLock take_place(const runtime::Layout& layout, const Needs& needs, bool replace,
                    const std::function<void(const std::string&)>& notice);

/// The host that runs now and fits; std::nullopt if there is none. Takes no lock, starts nothing.
std::optional<RunningHost> find_host(const runtime::Layout& layout, const Needs& needs);

}  // namespace ktx::daemon
