#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Installs what the project needs of the Python runtime, by the policy; where it may not, says how to.
StepEnd run_runtime_step(SetupSession& session, Arrival arrival);

/// Whether the managed runtime has what the project needs.
bool is_runtime_ready(const Context& context, const runtime::Features& features);

}  // namespace ktx::cli
