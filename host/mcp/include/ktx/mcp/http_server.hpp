#pragma once

#include "ktx/mcp/http_settings.hpp"
#include "ktx/mcp/server.hpp"

namespace ktx::mcp {

/// Serves any number of clients at /mcp of an address ("Streamable HTTP") until a signal. Then cancels what
/// runs. Returns the exit code: 128 plus the signal. Throws an `io` error if it cannot listen.
int serve_http(const Server& server, const HttpSettings& settings, const HttpEvents& events);

}  // namespace ktx::mcp
