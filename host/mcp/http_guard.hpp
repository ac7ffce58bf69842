#pragma once

#include <optional>

#include "http_connection.hpp"
#include "ktx/mcp/http_settings.hpp"
#include "ktx/mcp/rpc.hpp"

namespace ktx::mcp {

/// Why a request may not come in: in this order, it has no token, or was sent by way of a name or from a web
/// page that is not ours (DNS rebinding). std::nullopt if it may.
std::optional<HttpReply> turned_away(const HttpHead& head, const HttpSettings& settings);

/// The reply to a browser that asks before it sends a request for a page of an allowed origin; std::nullopt
/// for any other request. It has no token yet, and learns nothing.
std::optional<HttpReply> preflight(const HttpHead& head, const HttpSettings& settings);

/// The headers of a reply by which a browser lets a page of an allowed origin read it.
std::vector<std::pair<std::string, std::string>> origin_headers(const HttpHead& head,
                                                                const HttpSettings& settings);

/// A reply without an id that says why there is none.
HttpReply refusal(unsigned status, RpcError code, const std::string& message);

}  // namespace ktx::mcp
