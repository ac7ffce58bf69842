#pragma once

#include <functional>
#include <memory>

#include "context.hpp"
#include "daemon_options.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::cli {

/// Gives the way to Python; called once, when there is something to ask.
using TransportFactory = std::function<std::unique_ptr<semantic::Transport>(const PythonOptions&)>;

/// The Python side with `features`: in a running daemon that fits, or else in the managed runtime, installed
/// first where the policy allows it and loaded into this process at the first call. `context` keeps the
/// runtime in use until the process ends. Throws what `ensure_runtime` does. A daemon that was asked for and
/// does not start is said on stderr, and done without.
std::unique_ptr<semantic::Transport> connect_managed_runtime(Context& context, const PythonOptions& options,
                                                             const runtime::Features& features);

}  // namespace ktx::cli
