#pragma once

#include <optional>
#include <string>

#include "ktx/daemon/state.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::daemon {

/// What the state file holds. At most one member is set; neither when there is no file.
struct LoadedState {
  std::optional<State> state;
  std::string refusal;  ///< why the file is not trusted: unreadable, damaged, somebody else's, open to others

  bool absent() const { return !state && refusal.empty(); }
};

/// Reads the state file; what cannot be trusted is a value, not an error.
LoadedState load_state(const runtime::Layout& layout);

/// Makes the folder of the state, the lock and the logs, for its owner alone. Throws a `daemon` error when
/// the one that is there belongs to somebody else or may be written by others, and `io`.
void make_daemon_directory(const runtime::Layout& layout);

/// Replaces the state file, whole or not at all; only its owner may read it.
void write_state(const runtime::Layout& layout, const State& state);

/// Removes the state file; one that is gone already is none to remove.
void remove_state(const runtime::Layout& layout);

}  // namespace ktx::daemon
