#include <algorithm>
#include <exception>
#include <utility>

#include "ktx/util/error.hpp"
#include "request.hpp"

namespace ktx::mcp {
namespace {

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

Json error_content(const Error& error) {
  Json described = {{"kind", id(error.kind())}, {"message", error.message()}};
  if (!error.details().empty()) described["details"] = error.details();
  if (!error.fix().empty()) described["fix"] = error.fix();
  ToolResult result(Json{{"error", std::move(described)}});
  result.is_error = true;
  return content_of(result);
}

}  // namespace

Json text_block(const std::string& text) { return {{"type", "text"}, {"text", text}}; }

Json list_tools(const Offer& offer) {
  Json list = Json::array();
  for (const Tool& tool : offer.tools) list.push_back(tool_json(tool));
  return {{"tools", std::move(list)}};
}

Json call_tool(const Offer& offer, const Request& request, Call& call) {
  const std::string name = request.text("name");
  const Json arguments = request.object("arguments");
  const auto tool = std::ranges::find(offer.tools, name, &Tool::name);
  if (tool == offer.tools.end()) {
    // As the official SDK answers; clients show it to their model.
    ToolResult unknown(nullptr);
    unknown.content = Json::array({text_block("Unknown tool: " + name)});
    unknown.is_error = true;
    return content_of(unknown);
  }
  try {
    check_arguments(arguments, tool->input);
    return content_of(tool->run(call, arguments));
  } catch (const Error& error) {
    return error_content(error);
  } catch (const std::exception& error) {
    return error_content({ErrorKind::internal, std::string("Internal error: ") + error.what(),
                          "This is a defect of ktx; please report it with the call"});
  }
}

}  // namespace ktx::mcp
