#include "ktx/mcp/rpc.hpp"

namespace ktx::mcp {

Json error_reply(const Json& id, const RpcFailure& failure) {
  Json error = {{"code", static_cast<int>(failure.code)}, {"message", failure.message}};
  if (!failure.data.is_null()) error["data"] = failure.data;
  return {{"jsonrpc", "2.0"}, {"id", id}, {"error", std::move(error)}};
}

unsigned http_status(const Json& reply) {
  const auto error = reply.find("error");
  if (error == reply.end()) return 200;
  switch (static_cast<RpcError>(error->at("code").get<int>())) {
    case RpcError::parse_error:
    case RpcError::invalid_request:
    case RpcError::invalid_params:
    case RpcError::header_mismatch:
    case RpcError::missing_capability:
    case RpcError::unsupported_version: return 400;
    case RpcError::method_not_found: return 404;
    default: return 200;
  }
}

}  // namespace ktx::mcp
