#pragma once

#include <functional>
#include <string>

#include "ktx/daemon/state.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::daemon {

enum class StopKind {
  none,     ///< nothing ran, and no state was there
  stopped,  ///< it ran and is gone
  stale,    ///< the state named no running host; it was removed and nobody was signalled
};

struct StopResult {
  StopKind kind = StopKind::none;
  std::string detail;          ///< stale: why the state was not believed
  std::optional<State> state;  ///< stopped, and stale when it could be read
};

/// Ends this version's host on this machine and removes its state. `notice` is told whom is waited for.
StopResult stop_host(const runtime::Layout& layout, const std::function<void(const std::string&)>& notice);

}  // namespace ktx::daemon
