#pragma once

#include <CLI/App.hpp>

#include "commands/runtime_start.hpp"
#include "context.hpp"
#include "managed_daemon.hpp"

namespace ktx::cli {

/// The hidden command of the process that `ktx runtime start` starts.
void setup_serve(CLI::App& parent, Context& context);

/// Serves in this process, in the place of a daemon that does not fit. The exit code: 0, or 128 and the
/// signal that ended it. Throws a `busy` error when one that fits runs already.
int serve_in_foreground(Context& context, const DaemonRequest& request, const RuntimeStartOptions& options);

}  // namespace ktx::cli
