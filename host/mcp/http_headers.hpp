#pragma once

#include <string>

#include "http_connection.hpp"
#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// Throws an `RpcFailure` unless the headers of a request of the stateless era say what its body says:
/// MCP-Protocol-Version, Mcp-Method, and Mcp-Name where the method has a name.
void check_routing_headers(const HttpHead& head, const Json& message);

/// Whether the request accepts a reply of that type, as "text/event-stream". One that says nothing accepts
/// everything.
bool accepts(const HttpHead& head, const std::string& type);

/// Whether the body is said to be JSON.
bool is_json(const HttpHead& head);

}  // namespace ktx::mcp
