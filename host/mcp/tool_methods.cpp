#include <algorithm>
#include <exception>
#include <utility>

#include "ktx/mcp/refusal.hpp"
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
  Json described = {{"name", tool.name}, {"title", tool.title}, {"description", tool.description}};
  described["inputSchema"] = tool.input;  // not in the braces above, which would copy it twice
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

}  // namespace

Json text_block(const std::string& text) { return {{"type", "text"}, {"text", text}}; }

Json list_tools(const Offer& offer) {
  Json list = Json::array();
  for (const Tool& tool : offer.tools) list.push_back(tool_json(tool));
  Json result = Json::object();
  result["tools"] = std::move(list);
  return result;
}

Json call_tool(const Offer& offer, const Request& request, Call& call) {
  const std::string name = request.text("name");
  const Json arguments = request.object("arguments");
  const auto tool = std::ranges::find(offer.tools, name, &Tool::name);
  if (tool == offer.tools.end()) return content_of(unknown_tool(name, offer.tools));
  try {
    check_arguments(arguments, tool->input);
    return content_of(tool->run(call, arguments));
  } catch (const Error& error) {
    return content_of(refused(error, *tool, arguments));
  } catch (const std::exception& error) {
    const Error defect(ErrorKind::internal, std::string("Internal error: ") + error.what(),
                       "This is a defect of ktx; please report it with the call");
    return content_of(refused(defect, *tool, arguments));
  }
}

}  // namespace ktx::mcp
