#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Finds the project that setup is about, or makes a new one. Afterwards the session has its folder.
void run_project_step(SetupSession& session);

}  // namespace ktx::cli
