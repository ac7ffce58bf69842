#pragma once

#include "ktx/daemon/state.hpp"

namespace ktx::daemon {

/// Ends the host of this state and returns when its process is gone: asked first, then by SIGTERM, then by
/// SIGKILL. Whether it was running. A process that is not exactly the one of the state is never touched.
bool end_host(const State& state);

}  // namespace ktx::daemon
