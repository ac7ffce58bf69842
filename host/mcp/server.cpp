#include "ktx/mcp/server.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>
#include <utility>

#include "ktx/app/version.hpp"
#include "ktx/util/error.hpp"
#include "request.hpp"

namespace ktx::mcp {
namespace {

// What reads files, asks Python or a database.
constexpr std::array<std::string_view, 5> long_methods = {"tools/call", "resources/list", "resources/read",
                                                          "prompts/get", "completion/complete"};

// How long a client of the stateless era may keep what does not change while the server runs, and what does.
constexpr int fixed_for_ms = 3'600'000;
constexpr std::array<std::string_view, 4> fixed_methods = {"server/discover", "tools/list", "prompts/list",
                                                           "resources/templates/list"};
constexpr std::array<std::string_view, 2> changing_methods = {"resources/list", "resources/read"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& methods, std::string_view method) {
  return std::ranges::find(methods, method) != methods.end();
}

Json server_info() { return {{"name", "ktx"}, {"title", "ktx semantic layer"}, {"version", app::version}}; }

// What every result of the stateless era has.
Json completed(Json result, const std::string& method) {
  if (!result.contains("resultType")) result["resultType"] = "complete";
  const bool is_fixed = is_one_of(fixed_methods, method);
  if (result["resultType"] == "complete" && (is_fixed || is_one_of(changing_methods, method))) {
    result["ttlMs"] = is_fixed ? fixed_for_ms : 0;
    result["cacheScope"] = "private";
  }
  result["_meta"] = {{"io.modelcontextprotocol/serverInfo", server_info()}};
  return result;
}

Json input_required(const Request& request, InputRequired&& input) {
  if (request.era == Era::handshake) {
    throw RpcFailure{RpcError::invalid_request,
                     "This needs answers of the client, which its revision of the protocol cannot give"};
  }
  Json result = {{"resultType", "input_required"}};
  if (!input.requests.is_null()) result["inputRequests"] = std::move(input.requests);
  if (!input.state.empty()) result["requestState"] = std::move(input.state);
  return result;
}

Json set_log_level(const Request& request) {
  const std::string level = request.text("level");
  if (!is_log_level(level)) throw RpcFailure{RpcError::invalid_params, "There is no log level " + level};
  request.client.set_log_level(level);
  return Json::object();
}

// Decides the era of a client that has not said it yet, and reads what the request says about the client.
void identify(Request& request) {
  const bool is_stateless = request.method != "initialize" && has_envelope(request.params);
  request.era = request.client.era(is_stateless ? Era::stateless : Era::handshake);
  if (request.era == Era::handshake) {
    if (is_stateless) {
      throw RpcFailure{
          RpcError::invalid_request,
          "This connection began with a handshake; requests with the envelope of 2026-07-28 need "
          "one of their own"};
    }
    request.capabilities = request.client.capabilities();
    request.log_level = request.client.log_level();
    return;
  }
  if (request.method == "initialize" && !has_envelope(request.params)) {
    const Json asked = request.params.value("protocolVersion", Json());
    check_stateless_revision(asked.is_string() ? asked.get<std::string>() : "");
  }
  Envelope envelope = read_envelope(request.params);
  check_stateless_revision(envelope.revision);
  request.capabilities = std::move(envelope.capabilities);
  if (envelope.log_level && is_log_level(*envelope.log_level)) request.log_level = envelope.log_level;
}

bool is_reply(const Json& message) {
  return !message.contains("method") && (message.contains("result") || message.contains("error"));
}

}  // namespace

bool Server::takes_long(const Json& message) {
  if (!message.is_object() || !message.contains("id")) return false;
  const Json method = message.value("method", Json());
  return method.is_string() && is_one_of(long_methods, method.get<std::string>());
}

std::optional<Json> Server::cancelled_by(const Json& message) {
  if (!message.is_object() || message.contains("id")) return std::nullopt;
  if (message.value("method", Json()) != "notifications/cancelled") return std::nullopt;
  const Json params = message.value("params", Json());
  if (!params.is_object() || !params.contains("requestId")) return std::nullopt;
  return params.at("requestId");
}

std::optional<Json> Server::answer(const Json& message, Client& client, const Send& send) const {
  if (!message.is_object() || message.value("jsonrpc", Json()) != Json("2.0") ||
      (!message.value("method", Json()).is_string() && !is_reply(message))) {
    const char* const what = message.is_array() ? "Messages are sent one at a time, not as a batch"
                                                : "A message is an object with jsonrpc \"2.0\" and a method";
    return error_reply(nullptr, {RpcError::invalid_request, what});
  }
  if (is_reply(message)) {
    client.take_reply(message);
    return std::nullopt;
  }
  const std::string method = message.at("method");
  Json params = message.value("params", Json::object());
  if (!message.contains("id")) {
    if (const auto cancelled = cancelled_by(message)) client.cancel(*cancelled);
    return std::nullopt;
  }
  const Json& id = message.at("id");
  if (!id.is_string() && !id.is_number_integer()) {
    return error_reply(nullptr,
                       {RpcError::invalid_request, "The id of a request is a text or a whole number"});
  }
  try {
    if (!params.is_object()) throw RpcFailure{RpcError::invalid_params, "params is an object"};
    Request request{.id = id,
                    .method = method,
                    .params = std::move(params),
                    .capabilities = Json::object(),
                    .log_level = std::nullopt,
                    .client = client,
                    .send = send};
    identify(request);
    Json result = result_of(request);
    if (request.era == Era::stateless) result = completed(std::move(result), method);
    return Json{{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
  } catch (const RpcFailure& failure) {
    if (failure.code == RpcError::cancelled) return std::nullopt;
    return error_reply(id, failure);
  } catch (const std::exception& error) {
    return error_reply(id, {RpcError::internal_error, std::string("Internal error: ") + error.what()});
  }
}

Json Server::result_of(const Request& request) const {
  const std::string& method = request.method;
  if (!has_method(request.era, method))
    throw RpcFailure{RpcError::method_not_found, "There is no method " + method};
  if (method == "initialize") return initialize(request);
  if (method == "server/discover") return discover();
  if (method == "ping") return Json::object();
  if (method == "logging/setLevel") return set_log_level(request);
  if (method == "tools/list") return list_tools(offer_);
  if (method == "prompts/list") return list_prompts(offer_);
  if (method == "resources/templates/list") return list_templates(offer_);
  if (method.ends_with("subscribe")) {
    if (!offer_.can_watch) throw RpcFailure{RpcError::method_not_found, "Resources cannot be watched here"};
    const std::string uri = request.text("uri");
    method == "resources/subscribe" ? request.client.watch(uri) : request.client.unwatch(uri);
    return Json::object();
  }
  return result_of_work(request);
}

Json Server::result_of_work(const Request& request) const {
  Client::Running running(request.client, request.id);
  RequestCall call(request, running.cancellation());
  try {
    Json result;
    if (request.method == "tools/call") result = call_tool(offer_, request, call);
    if (request.method == "resources/list") result = list_resources(offer_, request, call);
    if (request.method == "resources/read") result = read_resource(offer_, request, call);
    if (request.method == "prompts/get") result = get_prompt(offer_, request, call);
    if (request.method == "completion/complete") result = complete(offer_, request, call);
    // Nobody waits for it; a reply would come for an id that the client has forgotten.
    if (running.cancellation().is_cancelled()) throw RpcFailure{RpcError::cancelled, "Cancelled"};
    return result;
  } catch (InputRequired& input) {
    return input_required(request, std::move(input));
  } catch (const Error& error) {
    if (running.cancellation().is_cancelled()) throw RpcFailure{RpcError::cancelled, "Cancelled"};
    Json data = {{"kind", ktx::id(error.kind())}};
    if (!error.details().empty()) data["details"] = error.details();
    if (!error.fix().empty()) data["fix"] = error.fix();
    throw RpcFailure{RpcError::internal_error, error.message(), std::move(data)};
  } catch (const std::exception& error) {
    throw RpcFailure{RpcError::internal_error, std::string("Internal error: ") + error.what()};
  }
}

Json Server::capabilities(Era era) const {
  // Also those of which there are none now: their lists are answered.
  Json can = {{"tools", Json::object()}, {"resources", Json::object()}, {"prompts", Json::object()}};
  if (offer_.can_watch && era == Era::handshake) can["resources"]["subscribe"] = true;
  if (!offer_.prompts.empty()) can["prompts"] = Json::object();
  const bool completes =
      std::ranges::any_of(offer_.prompts, [](const Prompt& prompt) { return bool(prompt.complete); }) ||
      std::ranges::any_of(offer_.resource_templates,
                          [](const ResourceTemplate& of_kind) { return bool(of_kind.complete); });
  if (completes) can["completions"] = Json::object();
  if (era == Era::handshake) can["logging"] = Json::object();
  return can;
}

Json Server::initialize(const Request& request) const {
  const std::string revision = agreed_revision(request.text("protocolVersion"));
  request.client.agree(revision, request.object("capabilities"));
  Json result = {{"protocolVersion", revision},
                 {"capabilities", capabilities(Era::handshake)},
                 {"serverInfo", server_info()}};
  if (!offer_.instructions.empty()) result["instructions"] = offer_.instructions;
  return result;
}

Json Server::discover() const {
  Json revisions = Json::array();
  for (const auto revision : stateless_revisions) revisions.push_back(revision);
  Json result = {{"supportedVersions", std::move(revisions)}, {"capabilities", capabilities(Era::stateless)}};
  if (!offer_.instructions.empty()) result["instructions"] = offer_.instructions;
  return result;
}

}  // namespace ktx::mcp
