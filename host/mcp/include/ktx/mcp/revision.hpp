#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// The two ways in which revisions of the protocol begin.
enum class Era {
  handshake,  ///< until 2025-11-25: `initialize` agrees on a revision, and a session follows
  stateless,  ///< since 2026-07-28: every request says its revision and what its client can
};

/// The revisions of each era, the newest last.
inline constexpr std::array<std::string_view, 4> handshake_revisions = {"2024-11-05", "2025-03-26",
                                                                        "2025-06-18", "2025-11-25"};
inline constexpr std::array<std::string_view, 1> stateless_revisions = {"2026-07-28"};

bool is_handshake_revision(std::string_view revision);

/// What `initialize` agrees on if the client asks for `asked`: that, or the newest with a handshake.
std::string agreed_revision(const std::string& asked);

/// What a request of the stateless era says about its client.
struct Envelope {
  std::string revision;
  Json capabilities;
  std::optional<std::string> log_level;  ///< from which on the client wants log messages
};

/// Whether the parameters have at least the beginning of an envelope.
bool has_envelope(const Json& params);

/// Reads the envelope in `params._meta`. Throws an `RpcFailure` for one that is incomplete; the revision may
/// be one that there is not.
Envelope read_envelope(const Json& params);

/// Throws an `RpcFailure`, which lists those that there are, unless `revision` is one of the stateless era.
void check_stateless_revision(const std::string& revision);

/// Whether a client may call the method in that era.
bool has_method(Era era, std::string_view method);

}  // namespace ktx::mcp
