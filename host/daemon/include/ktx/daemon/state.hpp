#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/process.hpp"

namespace ktx::daemon {

/// What a running host tells the processes of its user: who it is, where it serves, and the token that lets
/// them in. One JSON file that only its owner may read.
struct State {
  static constexpr std::int64_t current_schema = 1;

  std::string instance;  ///< random; a host that is not named here any more ends by itself
  ProcessIdentity process;
  std::uint16_t port = 0;  ///< on 127.0.0.1
  std::string token;       ///< 64 hexadecimal digits
  std::string version;     ///< of ktx
  std::string receipt;     ///< SHA-256 of the runtime's receipt that it was started from
  runtime::Features features;
  bool code_execution = false;
  std::string started_at;  ///< see `format_timestamp`
  std::string log;         ///< the path of what it writes down
  std::string output;      ///< the path of what it prints
};

Json to_json(const State& state);

/// Reads the text of a state file strictly. Throws a `daemon` error that names the member.
State parse_state(std::string_view text);

/// "http://127.0.0.1:58731".
std::string url(const State& state);

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
