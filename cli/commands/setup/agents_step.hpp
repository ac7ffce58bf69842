#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Writes the files that tell agents about ktx.
StepEnd run_agents_step(SetupSession& session, Arrival arrival);

}  // namespace ktx::cli
