#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Connects to each database that will be read, and says what is there. If one does not work, the user
/// decides: change the settings, try again, keep it as it is, or stop, which throws its error. If nobody can
/// be asked it throws at once. Without the Python runtime or the driver of a database, this is left for
/// later.
StepEnd run_check_step(SetupSession& session, Arrival arrival);

}  // namespace ktx::cli
