#include "request.hpp"

#include <algorithm>
#include <array>

#include "ktx/util/error.hpp"

namespace ktx::mcp {
namespace {

constexpr std::array<std::string_view, 8> log_levels = {"debug", "info",     "notice", "warning",
                                                        "error", "critical", "alert",  "emergency"};

Json notification(const char* method, Json params) {
  return {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

}  // namespace

bool is_log_level(const std::string& level) {
  return std::ranges::find(log_levels, level) != log_levels.end();
}

std::string Request::text(const char* member) const {
  const auto found = params.find(member);
  if (found == params.end() || !found->is_string())
    throw RpcFailure{RpcError::invalid_params, std::string("params.") + member + " is a text"};
  return *found;
}

Json Request::object(const char* member) const {
  const auto found = params.find(member);
  if (found == params.end()) return Json::object();
  if (!found->is_object())
    throw RpcFailure{RpcError::invalid_params, std::string("params.") + member + " is an object"};
  return *found;
}

RequestCall::RequestCall(const Request& request, Cancellation& cancellation)
    : request_(request), cancellation_(cancellation) {
  const Json token = request.object("_meta").value("progressToken", Json());
  if (token.is_string() || token.is_number_integer()) token_ = token;
  if (request.era == Era::handshake) return;
  input_responses_ = request.object("inputResponses");
  if (request.params.contains("requestState")) request_state_ = request.text("requestState");
}

void RequestCall::progress(double done, std::optional<double> total, const std::string& what) {
  if (token_.is_null()) return;
  Json params = {{"progressToken", token_}, {"progress", done}};
  if (total) params["total"] = *total;
  if (!what.empty()) params["message"] = what;
  request_.send(notification("notifications/progress", std::move(params)));
}

void RequestCall::log(const std::string& level, const Json& data) {
  if (!request_.log_level) return;
  const auto* const from = std::ranges::find(log_levels, *request_.log_level);
  if (std::find(from, log_levels.end(), level) == log_levels.end()) return;
  request_.send(notification("notifications/message", {{"level", level}, {"logger", "ktx"}, {"data", data}}));
}

void RequestCall::changed(const std::string& uri) {
  if (!request_.client.watches(uri)) return;
  request_.send(notification("notifications/resources/updated", {{"uri", uri}}));
}

bool RequestCall::client_can(const std::string& capability) const {
  return request_.capabilities.contains(capability);
}

Json RequestCall::request(const std::string& method, const Json& params) {
  if (request_.era == Era::stateless)
    throw Error(ErrorKind::usage, "A client of this revision cannot be asked " + method + " meanwhile");
  const std::string capability = method.substr(0, method.find('/'));
  if (!client_can(capability)) throw Error(ErrorKind::usage, "The client has no " + capability);
  return request_.client.ask(request_.send, method, params, cancellation_);
}

}  // namespace ktx::mcp
