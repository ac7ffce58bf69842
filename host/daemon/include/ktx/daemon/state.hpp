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

/// What a running daemon tells the processes of its user: its identity, where it serves, and the token that
/// lets them in. One JSON file that only its owner can read.
struct State {
  static constexpr std::int64_t current_schema = 1;

  std::string instance;  ///< random; a daemon that is no longer named here ends by itself
  ProcessIdentity process;
  std::uint16_t port = 0;  ///< on 127.0.0.1
  std::string token;       ///< 64 hexadecimal digits
  std::string version;     ///< of ktx
  std::string receipt;     ///< SHA-256 of the runtime's receipt that it was started from
  runtime::Features features;
  bool code_execution = false;
  std::string started_at;  ///< see `format_timestamp`
  std::string log;         ///< the path of its log
  std::string output;      ///< the path of its stdout and stderr
};

Json to_json(const State& state);

/// Reads the text of a state file strictly. Throws a `daemon` error that names the member.
State parse_state(std::string_view text);

/// "http://127.0.0.1:58731".
std::string url(const State& state);

/// What the state file holds. At most one member is set; neither is set if there is no file.
struct LoadedState {
  std::optional<State> state;
  std::string refusal;  ///< why the file is not trusted: unreadable, damaged, of another user, open to others
  bool is_foreign = false;  ///< refused without being read: whether a daemon runs cannot be told

  bool absent() const { return !state && refusal.empty(); }
};

/// Reads the state file; a file that cannot be trusted is a value, not an error.
LoadedState load_state(const runtime::Layout& layout);

/// Makes the folder of the state, the lock and the logs, for its owner alone. Throws a `daemon` error if an
/// existing folder belongs to another user or others may write to it, and `io`.
void make_daemon_directory(const runtime::Layout& layout);

/// Replaces the state file, whole or not at all; only its owner may read it.
void write_state(const runtime::Layout& layout, const State& state);

/// Removes the state file; a missing file is no error.
void remove_state(const runtime::Layout& layout);

}  // namespace ktx::daemon
