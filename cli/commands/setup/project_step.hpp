#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Finds the project that setup is about, or makes a new one. Afterwards the session has its folder.
void run_project_step(SetupSession& session);

/// Installs what the project needs of the Python runtime, by the policy; where it may not, says how to.
StepEnd run_runtime_step(SetupSession& session, Arrival arrival);

}  // namespace ktx::cli
