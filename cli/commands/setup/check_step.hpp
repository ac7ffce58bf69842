#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Connects to each database that is to be looked into, and says what is there. Of one that does not work,
/// the person decides: other settings, another try, to keep it as it is, or to stop, which throws its error.
/// Where nobody can be asked it throws at once. Without the Python runtime, or the driver of such a database,
/// this is left for later.
StepEnd run_check_step(SetupSession& session, Arrival arrival);

}  // namespace ktx::cli
