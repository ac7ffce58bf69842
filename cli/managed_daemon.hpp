#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "context.hpp"
#include "ktx/daemon/running_host.hpp"
#include "ktx/daemon/start.hpp"

namespace ktx::cli {

/// What `ktx runtime start` was asked for.
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
daemon::StartResult start_daemon(const Context& context, const runtime::Layout& layout,
                                 const DaemonRequest& request);

}  // namespace ktx::cli
