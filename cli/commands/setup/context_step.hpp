#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Looks into the databases, and writes a first source for each of their tables. A file or a source that is
/// there stays as it is. Without the Python runtime, where nobody agrees to install it, this is left for
/// later.
StepEnd run_context_step(SetupSession& session, Arrival arrival);

}  // namespace ktx::cli
