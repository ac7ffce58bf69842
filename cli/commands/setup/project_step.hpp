#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Finds the project, or makes a new one. Afterwards the session has its folder.
void run_project_step(SetupSession& session);

/// Installs the features of the Python runtime that the project needs, by the policy. If it may not, says how
/// to.
StepEnd run_runtime_step(SetupSession& session, Arrival arrival);

}  // namespace ktx::cli
