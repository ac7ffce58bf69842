#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Installs what the project needs of the Python runtime, by the policy; where it may not, says how to.
StepEnd run_runtime_step(SetupSession& session, Arrival arrival);

}  // namespace ktx::cli
