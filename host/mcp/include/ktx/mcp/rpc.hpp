#pragma once

#include <string>

#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// The error codes of JSON-RPC, and those of the protocol.
enum class RpcError : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  resource_not_found = -32002,   ///< before 2026-07-28, which has `invalid_params`
  header_mismatch = -32020,      ///< the headers of HTTP say something else than the body
  missing_capability = -32021,   ///< the client has not said that it can what the request needs
  unsupported_version = -32022,  ///< of the protocol
  cancelled = -32800,
};

/// An error of the protocol, not of a tool. Thrown.
struct RpcFailure {
  RpcError code;
  std::string message;
  Json data = nullptr;
};

/// A reply that carries an error; `id` is null if it could not be read.
Json error_reply(const Json& id, const RpcFailure& failure);

/// The status of HTTP with which 2026-07-28 wants a reply to be sent: 200 unless it carries one of the errors
/// that have another.
unsigned http_status(const Json& reply);

}  // namespace ktx::mcp
