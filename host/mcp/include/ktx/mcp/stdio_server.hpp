#pragma once

#include "ktx/mcp/engine.hpp"
#include "ktx/mcp/server.hpp"

namespace ktx::mcp {

/// Serves one client on two descriptors, one JSON message a line, until the client closes `input`, or a
/// signal. SIGPIPE must be ignored. At the end of the input what runs is finished, unless the reader of
/// `output` has gone too; a signal cancels it. Returns the exit code: 0, or 128 plus the signal.
int serve_stdio(const Server& server, int input, int output);

}  // namespace ktx::mcp
