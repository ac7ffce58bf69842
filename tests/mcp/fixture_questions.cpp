#include <string>
#include <utility>

#include "fixtures.hpp"
#include "ktx/mcp/rpc.hpp"
#include "ktx/util/digest.hpp"

namespace ktx::mcp::fixtures {
namespace {

const Json text_schema = {{"type", "string"}};

std::string completed(const Json& answer) {
  return "Elicitation completed: action=" + answer.value("action", "") +
         ", content=" + answer.value("content", Json::object()).dump();
}

// A tool that asks the person to fill in a form.
Tool form_tool(const std::string& name, const char* properties, const char* required) {
  const Json schema = {
      {"type", "object"}, {"properties", Json::parse(properties)}, {"required", Json::parse(required)}};
  return text_tool(name, "Asks for values", [schema](Call& call, const Json&) {
    return completed(call.request("elicitation/create",
                                  {{"message", "Please review the values"}, {"requestedSchema", schema}}));
  });
}

// What is signed so that a client cannot change it.
constexpr const char* key = "a key that clients do not know";

std::string signed_state(const std::string& state) { return state + "." + hex(hmac_sha256(key, state)); }

void check_state(const std::string& given, const std::string& state) {
  if (given != signed_state(state))
    throw RpcFailure{RpcError::invalid_params, "The request's state is not one of this server"};
}

// The value that the client was asked for; null if it gave none.
Json answered(const Call& call, const char* question, const char* member) {
  const Json answer = call.input_responses().value(question, Json());
  if (!answer.is_object()) return nullptr;
  const Json content = answer.value("content", Json());
  return content.is_object() ? content.value(member, Json()) : Json();
}

std::string greet(Call& call) {
  const Json name = answered(call, "user_name", "name");
  if (!name.is_string())
    throw InputRequired{{{"user_name", elicitation("What is your name?", "name", "string")}}, ""};
  return "Hello, " + name.get<std::string>() + "!";
}

std::string confirm(Call& call, const char* state) {
  if (call.request_state().empty()) {
    throw InputRequired{{{"confirm", elicitation("Please confirm", "ok", "boolean")}}, signed_state(state)};
  }
  check_state(call.request_state(), state);
  return "state-ok";
}

std::string two_rounds(Call& call) {
  if (call.request_state().empty()) {
    throw InputRequired{{{"step1", elicitation("Step 1: What is your name?", "name", "string")}},
                        signed_state("one")};
  }
  if (call.request_state() == signed_state("one")) {
    throw InputRequired{{{"step2", elicitation("Step 2: What is your favorite color?", "color", "string")}},
                        signed_state("two")};
  }
  check_state(call.request_state(), "two");
  return "Your color is " + answered(call, "step2", "color").dump();
}

std::string three_at_once(Call& call) {
  if (call.input_responses().size() == 3) return "All three: " + call.input_responses().dump();
  throw InputRequired{{{"user_name", elicitation("What is your name?", "name", "string")},
                       {"greeting", sampling("Generate a greeting", 50)},
                       {"client_roots", {{"method", "roots/list"}, {"params", Json::object()}}}},
                      signed_state("three")};
}

std::string only_what_it_can(Call& call) {
  Json requests = Json::object();
  if (call.client_can("sampling")) requests["model"] = sampling("Say something", 50);
  if (call.client_can("elicitation")) requests["person"] = elicitation("Who are you?", "name", "string");
  if (requests.empty() || !call.input_responses().empty()) return "Done";
  throw InputRequired{requests, ""};
}

// A tool that wants one answer, and repeats it.
Tool one_question(const std::string& name, const char* question, Json request) {
  return text_tool(name, "Needs one answer of the client",
                   [question, request = std::move(request)](Call& call, const Json&) {
                     if (!call.input_responses().contains(question))
                       throw InputRequired{{{question, request}}, ""};
                     return "Answered: " + call.input_responses().at(question).dump();
                   });
}

}  // namespace

Json elicitation(const std::string& message, const std::string& member, const std::string& type) {
  return {{"method", "elicitation/create"},
          {"params",
           {{"message", message},
            {"requestedSchema",
             {{"type", "object"},
              {"properties", {{member, {{"type", type}}}}},
              {"required", Json::array({member})}}}}}};
}

Json sampling(const std::string& text, int most_tokens) {
  return {{"method", "sampling/createMessage"},
          {"params",
           {{"messages", Json::array({{{"role", "user"}, {"content", text_block(text)}}})},
            {"maxTokens", most_tokens}}}};
}

void add_tools_that_ask(Offer& offer) {
  auto& tools = offer.tools;
  tools.push_back(text_tool("test_sampling", "Asks the client's model",
                            [](Call& call, const Json& arguments) {
                              const Json answer =
                                  call.request("sampling/createMessage",
                                               sampling(arguments.at("prompt"), 100).at("params"));
                              return "LLM response: " + answer.at("content").value("text", "");
                            },
                            {{"prompt", text_schema}}));
  tools.push_back(text_tool(
      "test_elicitation", "Asks the person",
      [](Call& call, const Json& arguments) {
        const Json schema = {{"type", "object"},
                             {"properties", {{"username", text_schema}, {"email", text_schema}}},
                             {"required", {"username", "email"}}};
        return "User response: " +
               completed(call.request("elicitation/create",
                                      {{"message", arguments.at("message")}, {"requestedSchema", schema}}));
      },
      {{"message", text_schema}}));
  tools.push_back(form_tool("test_elicitation_sep1034_defaults", R"({
      "name": {"type": "string", "default": "John Doe"}, "age": {"type": "integer", "default": 30},
      "score": {"type": "number", "default": 95.5}, "verified": {"type": "boolean", "default": true},
      "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"}})",
                            "[]"));
  tools.push_back(form_tool("test_elicitation_sep1330_enums", R"({
      "untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
      "titledSingle": {"type": "string", "oneOf": [{"const": "value1", "title": "First Option"},
        {"const": "value2", "title": "Second Option"}]},
      "legacyEnum": {"type": "string", "enum": ["opt1", "opt2"], "enumNames": ["Option One", "Option Two"]},
      "untitledMulti": {"type": "array", "items": {"type": "string", "enum": ["option1", "option2"]}},
      "titledMulti": {"type": "array", "items": {"anyOf": [{"const": "value1", "title": "First Choice"},
        {"const": "value2", "title": "Second Choice"}]}}})",
                            "[]"));
}

void add_tools_that_need_input(Offer& offer) {
  auto& tools = offer.tools;
  const auto add = [&tools](const char* name, auto run) {
    tools.push_back(
        text_tool(name, "Needs answers of the client", [run](Call& call, const Json&) { return run(call); }));
  };
  add("test_input_required_result_elicitation", greet);
  add("test_streaming_elicitation", greet);
  add("test_input_required_result_request_state", [](Call& call) { return confirm(call, "asked"); });
  add("test_input_required_result_tampered_state", [](Call& call) { return confirm(call, "sealed"); });
  add("test_input_required_result_multi_round", two_rounds);
  add("test_input_required_result_multiple_inputs", three_at_once);
  add("test_input_required_result_capabilities", only_what_it_can);
  tools.push_back(one_question("test_input_required_result_sampling", "capital_question",
                               sampling("What is the capital of France?", 100)));
  tools.push_back(one_question("test_input_required_result_list_roots", "client_roots",
                               {{"method", "roots/list"}, {"params", Json::object()}}));
  add("test_missing_capability", [](Call& call) -> std::string {
    if (call.client_can("sampling")) return "The client can";
    throw RpcFailure{RpcError::missing_capability,
                     "The client must be able to sample",
                     {{"requiredCapabilities", {{"sampling", Json::object()}}}}};
  });
}

}  // namespace ktx::mcp::fixtures
