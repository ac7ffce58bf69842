#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "fixtures.hpp"
#include "ktx/mcp/rpc.hpp"
#include "ktx/util/error.hpp"

namespace ktx::mcp::fixtures {
namespace {

// A second of silence, sampled 8,000 times a second, would do as well as this one sample.
constexpr const char* wav = "UklGRiUAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQEAAACA";

// The suite wants the parts of a call to be apart in time.
void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }

Json text_resource(const std::string& uri, const std::string& type, const std::string& text) {
  return {{"type", "resource"}, {"resource", {{"uri", uri}, {"mimeType", type}, {"text", text}}}};
}

std::string log_three_times(Call& call) {
  call.log("info", "Tool execution started");
  pause();
  call.log("info", "Tool processing data");
  pause();
  call.log("info", "Tool execution completed");
  return "Logged three times";
}

std::string report_progress(Call& call) {
  call.progress(0, 100, "");
  pause();
  call.progress(50, 100, "");
  pause();
  call.progress(100, 100, "");
  return "Reported three times";
}

// How many calls of `test_wait` have been cancelled.
std::atomic<int> cancelled = 0;

// Waits until it is cancelled. Its progress tells that it does.
std::string wait_for_cancellation(Call& call) {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_over = false;
  const Cancellation::Listener listener(call.cancellation(), [&] {
    ++cancelled;  // here, so that whoever cancels can ask for it next
    const std::lock_guard lock(mutex);
    is_over = true;
    changed.notify_all();
  });
  call.progress(0, std::nullopt, "waiting");
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return is_over; });
  return "Cancelled";
}

Tool tool_with_schema() {
  Tool made = tool("json_schema_2020_12_tool", "Tool with JSON Schema 2020-12 features",
                   [](Call&, const Json& arguments) { return Json::array({text_block(arguments.dump())}); });
  made.input = Json::parse(R"({
    "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
    "$defs": {"address": {"$anchor": "addressDef", "type": "object",
      "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}},
    "properties": {"name": {"type": "string"}, "address": {"$ref": "#/$defs/address"},
      "contactMethod": {"type": "string", "enum": ["phone", "email"]},
      "phone": {"type": "string"}, "email": {"type": "string"}},
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]}, "else": {"required": ["email"]}, "additionalProperties": false})");
  return made;
}

}  // namespace

Tool tool(const std::string& name, const std::string& description,
          std::function<Json(Call& call, const Json& arguments)> content, Json properties) {
  Json required = Json::array();
  for (const auto& [member, schema] : properties.items()) required.push_back(member);
  return {.name = name,
          .title = name,
          .description = description,
          .input = {{"type", "object"}, {"properties", std::move(properties)}, {"required", required}},
          .output = nullptr,
          .annotations = {},
          .run = [content = std::move(content)](Call& call, const Json& arguments) {
            ToolResult result(nullptr);
            result.content = content(call, arguments);
            return result;
          }};
}

Tool text_tool(const std::string& name, const std::string& description,
               std::function<std::string(Call& call, const Json& arguments)> text, Json properties) {
  return tool(
      name, description,
      [text = std::move(text)](Call& call, const Json& arguments) {
        return Json::array({text_block(text(call, arguments))});
      },
      std::move(properties));
}

Json image_block() { return {{"type", "image"}, {"data", png}, {"mimeType", "image/png"}}; }

void add_tools(Offer& offer) {
  auto& tools = offer.tools;
  tools.push_back(text_tool("test_simple_text", "Returns a text", [](Call&, const Json&) {
    return "This is a simple text response for testing.";
  }));
  tools.push_back(tool("test_image_content", "Returns an image",
                       [](Call&, const Json&) { return Json::array({image_block()}); }));
  tools.push_back(tool("test_audio_content", "Returns a sound", [](Call&, const Json&) {
    return Json::array({{{"type", "audio"}, {"data", wav}, {"mimeType", "audio/wav"}}});
  }));
  tools.push_back(tool("test_embedded_resource", "Returns a resource", [](Call&, const Json&) {
    return Json::array(
        {text_resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")});
  }));
  tools.push_back(tool("test_multiple_content_types", "Returns all of these", [](Call&, const Json&) {
    return Json::array({text_block("Multiple content types test:"), image_block(),
                        text_resource("test://mixed-content-resource", "application/json",
                                      R"({"test":"data","value":123})")});
  }));
  tools.push_back(text_tool("test_error_handling", "Fails", [](Call&, const Json&) -> std::string {
    throw Error(ErrorKind::usage, "This tool intentionally returns an error for testing");
  }));
  tools.push_back(text_tool("test_tool_with_logging", "Logs three times",
                            [](Call& call, const Json&) { return log_three_times(call); }));
  tools.push_back(text_tool("test_logging_tool", "Logs three times",
                            [](Call& call, const Json&) { return log_three_times(call); }));
  tools.push_back(text_tool("test_tool_with_progress", "Reports its progress",
                            [](Call& call, const Json&) { return report_progress(call); }));
  tools.push_back(text_tool("test_reconnection", "Takes a moment", [](Call&, const Json&) {
    pause();
    return "Done";
  }));
  tools.push_back(tool_with_schema());
  tools.push_back(text_tool("test_wait", "Waits until it is cancelled",
                            [](Call& call, const Json&) { return wait_for_cancellation(call); }));
  tools.push_back(text_tool("test_cancelled", "How many calls were cancelled",
                            [](Call&, const Json&) { return std::to_string(cancelled); }));
  tools.push_back(text_tool("test_length", "The length of a text",
                            [](Call&, const Json& arguments) {
                              return std::to_string(
                                  arguments.at("text").get_ref<const std::string&>().size());
                            },
                            {{"text", {{"type", "string"}}}}));
  tools.push_back(text_tool("test_long_text", "A text of some length",
                            [](Call&, const Json& arguments) {
                              return std::string(arguments.at("length").get<std::size_t>(), 'x');
                            },
                            {{"length", {{"type", "integer"}}}}));
}

Offer everything() {
  Offer offer;
  add_tools(offer);
  add_tools_that_ask(offer);
  add_tools_that_need_input(offer);
  add_resources(offer);
  add_prompts(offer);
  return offer;
}

}  // namespace ktx::mcp::fixtures
