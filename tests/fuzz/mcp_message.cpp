// What a client writes to `ktx mcp stdio`: lines, messages, and the answers to them.

#include <string>
#include <vector>

#include "fuzz_target.hpp"
#include "ktx/mcp/message.hpp"
#include "ktx/mcp/server.hpp"

namespace {

using namespace ktx;

// A tool, a resource and a prompt that take whatever comes.
mcp::Offer small_offer() {
  mcp::Offer offer;
  offer.can_watch = true;
  offer.tools.push_back(
      {.name = "echo",
       .title = "Echo",
       .description = "Repeats a text",
       .input = Json::parse(R"({"type": "object", "additionalProperties": false, "properties":
                             {"text": {"type": "string"}, "count": {"type": "integer"},
                              "list": {"type": "array", "items": {"type": "string"}}}})"),
       .output = nullptr,
       .annotations = {},
       .run = [](mcp::Call& call, const Json& arguments) {
         call.progress(1, std::nullopt, "");
         call.log("info", arguments);
         return mcp::ToolResult(arguments);
       }});
  const auto text = [](const std::string& bytes) { return mcp::ResourceContent{"text/plain", bytes, false}; };
  offer.resource_templates.push_back(
      {.uri_template = "test://{a}/{+b}",
       .name = "template",
       .title = "",
       .description = "",
       .mime_type = "",
       .list = {},
       .read = [text](mcp::Call&, const Json& variables) { return text(variables.dump()); },
       .complete = {}});
  mcp::Prompt prompt;
  prompt.name = "ask";
  prompt.arguments.push_back({.name = "what", .title = "", .description = "", .required = true});
  prompt.messages = [](mcp::Call&, const Json& arguments) {
    return std::vector<mcp::PromptMessage>{{.role = "user", .content = mcp::text_block(arguments.dump())}};
  };
  offer.prompts.push_back(std::move(prompt));
  return offer;
}

void check_reply(const Json& reply, const Json& message) {
  fuzz::require(reply.at("jsonrpc") == "2.0", "a reply says its version");
  fuzz::require(reply.contains("result") != reply.contains("error"), "a reply has a result or an error");
  const Json& id = reply.at("id");
  fuzz::require(id.is_null() || id == message.at("id"), "a reply has the id of its request");
  fuzz::require(compact_json(reply).find('\n') == std::string::npos, "a reply is one line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const mcp::Server server(small_offer());
  const std::string_view text = fuzz::text_of(bytes, size);
  std::vector<std::string> whole;
  std::vector<std::string> in_pieces;
  mcp::Lines lines;
  lines.add(text, [&](const std::string& line) { whole.push_back(line); });
  lines.finish([&](const std::string& line) { whole.push_back(line); });
  mcp::Lines pieces;
  for (std::size_t at = 0; at < size; at += 3)
    pieces.add(text.substr(at, 3), [&](const std::string& line) { in_pieces.push_back(line); });
  pieces.finish([&](const std::string& line) { in_pieces.push_back(line); });
  fuzz::require(whole == in_pieces, "lines are the same however their bytes come");

  mcp::Client client;
  const mcp::Send send = [](const Json& message) {
    fuzz::require(message.contains("method"), "what is sent before a reply has a method");
  };
  for (const std::string& line : whole) {
    try {
      const Json message = mcp::read_message(line);
      mcp::Server::takes_long(message);
      if (const auto reply = server.answer(message, client, send)) check_reply(*reply, message);
    } catch (const mcp::RpcFailure& failure) {
      fuzz::require(failure.code == mcp::RpcError::parse_error, "only reading a message fails");
    }
  }
  return 0;
}
