#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Adds a connection to ktx.yaml, or takes those that are there.
StepEnd run_database_step(SetupSession& session, Arrival arrival);

/// Asks for the settings of a connection that is in ktx.yaml again, and writes them there. The questions must
/// have all that it says (`fits_form`).
StepEnd edit_connection(SetupSession& session, const project::Connection& connection);

}  // namespace ktx::cli
