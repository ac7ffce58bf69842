#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Adds a connection to ktx.yaml, or takes those that are there.
StepEnd run_database_step(SetupSession& session);

}  // namespace ktx::cli
