#pragma once

#include <memory>

#include "context.hpp"
#include "ensure_runtime.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::cli {

/// The Python side in the managed runtime with `features`, installed first where the policy allows it and
/// loaded into this process at the first call. `context` keeps the runtime in use until the process ends.
/// Throws what `ensure_runtime` does.
std::unique_ptr<semantic::Transport> connect_managed_runtime(Context& context,
                                                             const InstallPolicyOptions& options,
                                                             const runtime::Features& features);

}  // namespace ktx::cli
