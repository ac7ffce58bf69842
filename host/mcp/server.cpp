#include "ktx/mcp/server.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "ktx/app/version.hpp"
#include "ktx/mcp/refusal.hpp"
#include "ktx/util/error.hpp"

namespace ktx::mcp {
namespace {

// Of `initialize`, the newest last. A client that asks for another gets the newest.
constexpr std::array<std::string_view, 4> revisions = {"2024-11-05", "2025-03-26", "2025-06-18",
                                                       "2025-11-25"};

Json annotations_json(const Tool& tool) {
  return {{"title", tool.title},
          {"readOnlyHint", tool.annotations.read_only},
          {"destructiveHint", tool.annotations.destructive},
          {"idempotentHint", tool.annotations.idempotent},
          {"openWorldHint", tool.annotations.open_world}};
}

Json tool_json(const Tool& tool) {
  Json described = {{"name", tool.name},
                    {"title", tool.title},
                    {"description", tool.description},
                    {"inputSchema", tool.input}};
  if (!tool.output.is_null()) described["outputSchema"] = tool.output;
  described["annotations"] = annotations_json(tool);
  return described;
}

Json content_of(const ToolResult& result) {
  Json content = result.content;
  if (content.is_null()) content = Json::array({text_block(compact_json(result.structured))});
  Json whole = {{"content", std::move(content)}};
  if (!result.structured.is_null()) whole["structuredContent"] = result.structured;
  if (result.is_error) whole["isError"] = true;
  return whole;
}

// A call of a tool that belongs to a request.
class RequestCall : public Call {
 public:
  RequestCall(Client& client, Client::Running& running, const Json& params)
      : client_(client), running_(running) {
    const auto meta = params.find("_meta");
    if (meta != params.end() && meta->is_object()) token_ = meta->value("progressToken", Json(nullptr));
  }

  Cancellation& cancellation() override { return running_.cancellation(); }

  void progress(double done, std::optional<double> total, const std::string& what) override {
    if (token_.is_null()) return;
    Json params = {{"progressToken", token_}, {"progress", done}, {"message", what}};
    if (total) params["total"] = *total;
    client_.send({{"jsonrpc", "2.0"}, {"method", "notifications/progress"}, {"params", std::move(params)}});
  }

  void log(const std::string& /*level*/, const Json& /*data*/) override {}
  bool client_can(const std::string& /*capability*/) const override { return false; }
  Json request(const std::string& method, const Json& /*params*/) override {
    throw Error(ErrorKind::usage, "The client cannot be asked " + method);
  }
  const Json& input_responses() const override { return input_responses_; }
  const std::string& request_state() const override { return request_state_; }

 private:
  Client& client_;
  Client::Running& running_;
  Json input_responses_ = Json::object();
  std::string request_state_;
  Json token_ = nullptr;
};

Json run_tool(const Tool& tool, Call& call, const Json& arguments) {
  try {
    check_arguments(arguments, tool.input);
    return content_of(tool.run(call, arguments));
  } catch (const Error& error) {
    return content_of(refused(error, tool, arguments));
  } catch (const std::exception& error) {
    const Error defect(ErrorKind::internal, std::string("Internal error: ") + error.what(),
                       "This is a defect of ktx; please report it with the call");
    return content_of(refused(defect, tool, arguments));
  }
}

Json initialize(const Json& params) {
  const std::string asked = params.value("protocolVersion", "");
  const bool is_known = std::ranges::find(revisions, asked) != revisions.end();
  return {{"protocolVersion", is_known ? asked : std::string(revisions.back())},
          {"capabilities", {{"tools", Json::object()}}},
          {"serverInfo", {{"name", "ktx"}, {"title", "ktx semantic layer"}, {"version", app::version}}}};
}

}  // namespace

void Client::cancel(const Json& id) {
  std::shared_ptr<Cancellation> found;
  {
    const std::lock_guard lock(mutex_);
    const auto running = running_.find(id.dump());
    if (running != running_.end()) found = running->second;
  }
  if (found != nullptr) found->cancel();
}

void Client::cancel_all() {
  std::vector<std::shared_ptr<Cancellation>> all;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, cancellation] : running_) all.push_back(cancellation);
  }
  for (const auto& cancellation : all) cancellation->cancel();
}

Client::Running::Running(Client& client, const Json& id) : client_(client), key_(id.dump()) {
  const std::lock_guard lock(client_.mutex_);
  client_.running_[key_] = cancellation_;
}

Client::Running::~Running() {
  const std::lock_guard lock(client_.mutex_);
  client_.running_.erase(key_);
}

Json text_block(const std::string& text) { return {{"type", "text"}, {"text", text}}; }

Server::Server(Offer offer) : offer_(std::move(offer)) {}

bool Server::takes_long(const Json& message) { return message.value("method", Json()) == Json("tools/call"); }

std::optional<Json> Server::answer(const Json& message, Client& client) const {
  if (!message.is_object() || message.value("jsonrpc", Json()) != Json("2.0") ||
      !message.value("method", Json()).is_string()) {
    return error_reply(
        nullptr, {RpcError::invalid_request, "A message is an object with jsonrpc \"2.0\" and a method"});
  }
  const std::string method = message.at("method");
  const Json params = message.value("params", Json::object());
  if (!message.contains("id")) {
    if (method == "notifications/cancelled" && params.contains("requestId"))
      client.cancel(params.at("requestId"));
    return std::nullopt;
  }
  const Json& id = message.at("id");
  if (!id.is_string() && !id.is_number_integer()) {
    return error_reply(nullptr,
                       {RpcError::invalid_request, "The id of a request is a text or a whole number"});
  }
  try {
    if (!params.is_object()) throw RpcFailure{RpcError::invalid_params, "params is an object"};
    return Json{{"jsonrpc", "2.0"}, {"id", id}, {"result", result_of(method, id, params, client)}};
  } catch (const RpcFailure& failure) {
    return error_reply(id, failure);
  }
}

Json Server::result_of(const std::string& method, const Json& id, const Json& params, Client& client) const {
  if (method == "initialize") return initialize(params);
  if (method == "ping") return Json::object();
  if (method == "tools/list") {
    Json list = Json::array();
    for (const Tool& tool : offer_.tools) list.push_back(tool_json(tool));
    return {{"tools", std::move(list)}};
  }
  if (method == "tools/call") return call_tool(id, params, client);
  throw RpcFailure{RpcError::method_not_found, "There is no method " + method};
}

Json Server::call_tool(const Json& id, const Json& params, Client& client) const {
  const Json name = params.value("name", Json());
  if (!name.is_string()) throw RpcFailure{RpcError::invalid_params, "name is a text"};
  const auto tool = std::ranges::find(offer_.tools, name.get<std::string>(), &Tool::name);
  if (tool == offer_.tools.end()) {
    return content_of(unknown_tool(name.get<std::string>(), offer_.tools));
  }
  const Json arguments = params.value("arguments", Json::object());
  if (!arguments.is_object()) throw RpcFailure{RpcError::invalid_params, "arguments is an object"};
  Client::Running running(client, id);
  RequestCall call(client, running, params);
  return run_tool(*tool, call, arguments);
}

Json error_reply(const Json& id, const RpcFailure& failure) {
  Json error = {{"code", static_cast<int>(failure.code)}, {"message", failure.message}};
  if (!failure.data.is_null()) error["data"] = failure.data;
  return {{"jsonrpc", "2.0"}, {"id", id}, {"error", std::move(error)}};
}

}  // namespace ktx::mcp
