#include <algorithm>
#include <string>
#include <utility>

#include "ktx/util/error.hpp"
#include "request.hpp"

namespace ktx::mcp {
namespace {

constexpr std::size_t most_values = 100;  // the protocol's limit for one completion

Json prompt_json(const Prompt& prompt) {
  Json arguments = Json::array();
  for (const PromptArgument& argument : prompt.arguments) {
    Json& described = arguments.emplace_back(Json{{"name", argument.name}});
    if (!argument.title.empty()) described["title"] = argument.title;
    described["description"] = argument.description;
    described["required"] = argument.required;
  }
  Json described = {{"name", prompt.name}};
  if (!prompt.title.empty()) described["title"] = prompt.title;
  described["description"] = prompt.description;
  described["arguments"] = std::move(arguments);
  return described;
}

const Prompt& find_prompt(const Offer& offer, const std::string& name) {
  const auto found = std::ranges::find(offer.prompts, name, &Prompt::name);
  if (found == offer.prompts.end())
    throw RpcFailure{RpcError::invalid_params, "Unknown prompt: " + name, {{"name", name}}};
  return *found;
}

void check_prompt_arguments(const Prompt& prompt, const Json& arguments) {
  for (const PromptArgument& argument : prompt.arguments) {
    if (argument.required && !arguments.contains(argument.name)) {
      throw RpcFailure{RpcError::invalid_params,
                       "The prompt " + prompt.name + " needs the argument " + argument.name};
    }
  }
  for (const auto& [name, value] : arguments.items()) {
    if (std::ranges::count(prompt.arguments, name, &PromptArgument::name) == 0)
      throw RpcFailure{RpcError::invalid_params, "The prompt " + prompt.name + " has no argument " + name};
    if (!value.is_string())
      throw RpcFailure{RpcError::invalid_params, "The argument " + name + " of a prompt is a text"};
  }
}

Json completion(std::vector<std::string> values) {
  const std::size_t total = values.size();
  if (total > most_values) values.resize(most_values);
  return {{"completion", {{"values", values}, {"total", total}, {"hasMore", total > most_values}}}};
}

// What the client has filled in already.
Json known_values(const Request& request) {
  const Json arguments = request.object("context").value("arguments", Json::object());
  return arguments.is_object() ? arguments : Json::object();
}

}  // namespace

Json list_prompts(const Offer& offer) {
  Json list = Json::array();
  for (const Prompt& prompt : offer.prompts) list.push_back(prompt_json(prompt));
  return {{"prompts", std::move(list)}};
}

Json get_prompt(const Offer& offer, const Request& request, Call& call) {
  const Prompt& prompt = find_prompt(offer, request.text("name"));
  const Json arguments = request.object("arguments");
  check_prompt_arguments(prompt, arguments);
  Json messages = Json::array();
  for (PromptMessage& message : prompt.messages(call, arguments))
    messages.push_back({{"role", message.role}, {"content", std::move(message.content)}});
  return {{"description", prompt.description}, {"messages", std::move(messages)}};
}

Json complete(const Offer& offer, const Request& request, Call& call) {
  const Json reference = request.object("ref");
  const Json argument = request.object("argument");
  const Json name = argument.value("name", Json());
  const Json start = argument.value("value", Json());
  const Json kind = reference.value("type", Json());
  const Json which = reference.value(kind == "ref/prompt" ? "name" : "uri", Json());
  if (!name.is_string() || !start.is_string() || !which.is_string())
    throw RpcFailure{RpcError::invalid_params, "ref and argument name what is to be completed"};
  if (kind == "ref/prompt") {
    const Prompt& prompt = find_prompt(offer, which);
    if (!prompt.complete) return completion({});
    return completion(prompt.complete(call, name, start, known_values(request)));
  }
  const auto of_kind =
      std::ranges::find(offer.resource_templates, which.get<std::string>(), &ResourceTemplate::uri_template);
  if (kind != "ref/resource" || of_kind == offer.resource_templates.end())
    throw RpcFailure{RpcError::invalid_params, "There is nothing to complete at this ref", reference};
  if (!of_kind->complete) return completion({});
  return completion(of_kind->complete(call, name, start, known_values(request)));
}

}  // namespace ktx::mcp
