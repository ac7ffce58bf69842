#include <string>
#include <utility>
#include <vector>

#include "fields.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

std::vector<PromptMessage> said(const std::string& text) { return {{"user", text_block(text)}}; }

std::string argument_of(const Json& arguments, const char* name) { return arguments.value(name, ""); }

std::vector<std::string> names_beginning_with(Engine& engine, Call& call, const std::string& kind,
                                              const std::string& start) {
  const auto session = engine.session(call.cancellation());
  std::vector<std::string> names;
  for (const Model::Entry& entry : read_model(session->project(), std::nullopt).sources) {
    for (const Field& field : fields_of(entry)) {
      if (field.kind == kind && field.reference().starts_with(start)) names.push_back(field.reference());
    }
  }
  return names;
}

Prompt answer_prompt() {
  return {
      .name = "answer_a_question",
      .title = "Answer a question",
      .description = "Answer a question about the data, with the numbers and what they mean",
      .arguments = {{"question", "Question", "as a person asks it", true}},
      .messages =
          [](Call&, const Json& arguments) {
            return said(
                "Answer this question with ktx: " + argument_of(arguments, "question") +
                "\n\n1. Call `discover` with the question. If `ready_calls` has a call and it is what was "
                "asked, make it; else choose measures and dimensions of what was found.\n"
                "2. If words may mean several things here, look into `wiki_search` first.\n"
                "3. Make the call with `sl_query`. If it is refused, make its `corrected_call`, or choose "
                "one "
                "of its `routes` as `join_path` and say which one.\n"
                "4. If the result has `cut` or `row_limit_reached`, it is not whole: go on, or say so.\n"
                "5. Give the numbers with their measure, filters, period and time zone, and the warnings.");
          },
      .complete = {}};
}

Prompt measure_prompt(Engine& engine) {
  return {.name = "add_a_measure",
          .title = "Add a measure",
          .description = "Define a measure in the semantic layer, and check it",
          .arguments = {{"source", "Source", "whose measure it is, as orders", true},
                        {"measure", "Measure", "what it should say, in words", true}},
          .messages =
              [](Call&, const Json& arguments) {
                const std::string source = argument_of(arguments, "source");
                return said(
                    "Add a measure to the source " + source + ": " + argument_of(arguments, "measure") +
                    "\n\n1. Call `entity_details` for " + source +
                    " and `sl_search` for the words: if there is such a measure, say so and stop.\n"
                    "2. Read the file with `sl_read_source`, and add the measure with a name, an `expr` and "
                    "a `description`. Change nothing else.\n"
                    "3. Write it with `sl_write_source`. If that tool is not there, show the YAML; if it "
                    "refuses, correct what `findings` says.\n"
                    "4. Ask for the measure with `sl_query` and `sl_explain`, and say whether the number is "
                    "plausible.");
              },
          .complete =
              [&engine](Call& call, const std::string& argument, const std::string& start, const Json&) {
                if (argument != "source") return std::vector<std::string>();
                return names_beginning_with(engine, call, "source", start);
              }};
}

Prompt reason_prompt(Engine& engine) {
  return {.name = "why_this_number",
          .title = "Why this number",
          .description = "Say where a number comes from, and what could make it differ from another",
          .arguments = {{"measure", "Measure", "as orders.revenue", true},
                        {"number", "Number", "the number, and with what it is compared", false}},
          .messages =
              [](Call&, const Json& arguments) {
                const std::string measure = argument_of(arguments, "measure");
                const std::string number = argument_of(arguments, "number");
                return said(
                    "Explain the measure " + measure + (number.empty() ? "" : " and this number: " + number) +
                    "\n\n1. Call `entity_details` for " + measure +
                    " and `wiki_search` for what it means.\n" +
                    "2. Call `sl_explain` with it and the dimensions and filters in question.\n"
                    "3. Compare: filters and segments in the measure, the route of joins, values without "
                    "rows, the time zone, the row limit.\n"
                    "4. Ask for the parts with `sl_query` until the difference is found. Say what is shown "
                    "and what is only likely.");
              },
          .complete =
              [&engine](Call& call, const std::string& argument, const std::string& start, const Json&) {
                if (argument != "measure") return std::vector<std::string>();
                return names_beginning_with(engine, call, "measure", start);
              }};
}

}  // namespace

std::vector<Prompt> all_prompts(Engine& engine) {
  return {answer_prompt(), measure_prompt(engine), reason_prompt(engine)};
}

}  // namespace ktx::mcp
