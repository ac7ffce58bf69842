#include <string>
#include <utility>

#include "fixtures.hpp"
#include "ktx/util/text.hpp"

namespace ktx::mcp::fixtures {
namespace {

Resource resource(const std::string& uri, const std::string& type, const std::string& bytes, bool is_binary) {
  return {.uri = uri,
          .name = uri.substr(uri.rfind('/') + 1),
          .title = "",
          .description = "A resource for tests",
          .mime_type = type,
          .size = bytes.size(),
          .read = [type, bytes, is_binary](Call&) {
            return ResourceContent{type, bytes, is_binary};
          }};
}

Prompt prompt(const std::string& name, std::vector<std::string> arguments,
              std::function<std::vector<PromptMessage>(Call& call, const Json& arguments)> messages) {
  Prompt made;
  made.name = name;
  made.description = "A prompt for tests";
  for (const std::string& argument : arguments) {
    made.arguments.push_back(
        {.name = argument, .title = "", .description = "An argument for tests", .required = true});
  }
  made.messages = std::move(messages);
  return made;
}

PromptMessage says(const std::string& text) { return {.role = "user", .content = text_block(text)}; }

std::vector<PromptMessage> context_prompt(Call& call) {
  const Json answer = call.input_responses().value("user_context", Json());
  if (!answer.is_object()) {
    throw InputRequired{
        {{"user_context", elicitation("What context should the prompt use?", "context", "string")}}, ""};
  }
  return {says("Use this context: " + answer.dump())};
}

}  // namespace

void add_resources(Offer& offer) {
  offer.can_watch = true;
  offer.resources = {
      resource("test://static-text", "text/plain", "This is the content of the static text resource.", false),
      resource("test://static-binary", "image/png", from_base64(png).value_or(""), true),
      resource("test://watched-resource", "text/plain", "A resource that changes", false)};
  offer.tools.push_back(
      text_tool("test_change_resource", "Changes the watched resource", [](Call& call, const Json&) {
        call.changed("test://watched-resource");
        return "Changed";
      }));
  offer.resource_templates.push_back(
      {.uri_template = "test://template/{id}/data",
       .name = "template",
       .title = "",
       .description = "Resources by number",
       .mime_type = "application/json",
       .list = {},
       .read =
           [](Call&, const Json& variables) {
             const std::string id = variables.at("id");
             const Json text = {{"id", id}, {"templateTest", true}, {"data", "Data for ID: " + id}};
             return ResourceContent{"application/json", text.dump(), false};
           },
       .complete = {}});
}

void add_prompts(Offer& offer) {
  offer.prompts.push_back(prompt("test_simple_prompt", {}, [](Call&, const Json&) {
    return std::vector{says("This is a simple prompt for testing.")};
  }));
  Prompt with_arguments =
      prompt("test_prompt_with_arguments", {"arg1", "arg2"}, [](Call&, const Json& arguments) {
        return std::vector{says("Prompt with arguments: arg1='" + arguments.at("arg1").get<std::string>() +
                                "', arg2='" + arguments.at("arg2").get<std::string>() + "'")};
      });
  with_arguments.complete = [](Call&, const std::string&, const std::string& start, const Json&) {
    std::vector<std::string> values;
    for (const std::string value : {"paris", "park", "party", "test1"}) {
      if (value.starts_with(start)) values.push_back(value);
    }
    return values;
  };
  offer.prompts.push_back(std::move(with_arguments));
  offer.prompts.push_back(
      prompt("test_prompt_with_embedded_resource", {"resourceUri"}, [](Call&, const Json& arguments) {
        const Json resource = {{"uri", arguments.at("resourceUri")},
                               {"mimeType", "text/plain"},
                               {"text", "Embedded resource content for testing."}};
        return std::vector<PromptMessage>{
            {.role = "user", .content = {{"type", "resource"}, {"resource", resource}}},
            says("Please process the embedded resource above.")};
      }));
  offer.prompts.push_back(prompt("test_prompt_with_image", {}, [](Call&, const Json&) {
    return std::vector<PromptMessage>{{.role = "user", .content = image_block()},
                                      says("Please analyze the image above.")};
  }));
  offer.prompts.push_back(prompt("test_input_required_result_prompt", {},
                                 [](Call& call, const Json&) { return context_prompt(call); }));
}

}  // namespace ktx::mcp::fixtures
