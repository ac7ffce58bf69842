#include "question.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "ktx/app/query_json.hpp"
#include "ktx/mcp/refusal.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/finding.hpp"
#include "ktx/util/text.hpp"
#include "tool_table.hpp"

namespace ktx::mcp {
namespace {

constexpr std::array<const char*, 14> question_members = {
    "measures",      "dimensions", "filters", "segments", "order_by", "limit",     "join_path",
    "include_empty", "fill",       "compare", "top",      "per",      "each_once", "timezone"};

// "orders.created_at:month" as the object that it stands for; any other value as it is.
Json dimension_object(const Json& value) {
  if (!value.is_string()) return value;
  const auto& text = value.get_ref<const std::string&>();
  const auto colon = app::end_of_field(text);
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) return value;
  return {{"field", text.substr(0, colon)}, {"granularity", text.substr(colon + 1)}};
}

// "orders.revenue:desc" likewise.
Json order_object(const Json& value) {
  if (!value.is_string()) return value;
  const auto& text = value.get_ref<const std::string&>();
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return value;
  const std::string direction = text.substr(colon + 1);
  if (direction != "asc" && direction != "desc") return value;
  return {{"field", text.substr(0, colon)}, {"direction", direction}};
}

Json question_json(const Json& arguments) {
  Json question = Json::object();
  for (const char* member : question_members) {
    const auto found = arguments.find(member);
    if (found != arguments.end()) question[member] = *found;
  }
  if (question.contains("dimensions")) {
    for (Json& dimension : question["dimensions"]) dimension = dimension_object(dimension);
  }
  if (question.contains("order_by")) {
    for (Json& order : question["order_by"]) order = order_object(order);
  }
  return question;
}

Refusal broken_sources(const std::string& connection_id, const std::vector<Finding>& findings) {
  Json list = Json::array();
  std::string place;
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::error) continue;
    if (place.empty()) place = text_of(Place{finding.file, finding.line, finding.column});
    list.push_back(to_json(finding));
  }
  const Error error(ErrorKind::model, "The sources of the connection " + connection_id + " have errors",
                    "Correct what `findings` says; sl_validate checks everything");
  return {error.with({.place = place}), {{"findings", std::move(list)}}};
}

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         byte == '_' || byte >= 0x80;
}

// The texts that come of `text` when one of its words, or all of it, is replaced by a name that is near.
std::vector<std::string> respelled(const std::string& text, const std::string& name) {
  const auto is_near = [&](const std::string& word) {
    return lower_case(word) != lower_case(name) && !project::closest(word, {name}).empty();
  };
  if (is_near(text)) return {name};
  std::vector<std::string> texts;
  for (std::size_t begin = 0; begin < text.size();) {
    if (!is_word_byte(text[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    if (is_near(text.substr(begin, end - begin))) {
      texts.push_back(text.substr(0, begin) + name + text.substr(end));
    }
    begin = end;
  }
  return texts;
}

void add_once(std::vector<Json>& list, Json value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(std::move(value));
}

// The arguments with the wrong name replaced, if there is only one way; null otherwise.
Json respelled_once(const Json& arguments, const ErrorHints& hints) {
  if (hints.request_path.empty()) return nullptr;
  const Json::json_pointer place(hints.request_path);
  if (!arguments.contains(place)) return nullptr;
  std::vector<Json> ways;
  const Json& wrong = arguments[place];
  for (const std::string& name : hints.suggestions) {
    if (wrong.is_string()) {
      for (std::string& text : respelled(wrong.get<std::string>(), name)) {
        Json way = arguments;
        way[place] = std::move(text);
        add_once(ways, std::move(way));
      }
    }
    if (!wrong.is_object()) continue;
    for (const auto& [key, value] : wrong.items()) {
      if (!value.is_string()) continue;
      for (std::string& text : respelled(value.get<std::string>(), name)) {
        Json way = arguments;
        way[place][key] = std::move(text);
        add_once(ways, std::move(way));
      }
    }
  }
  return ways.size() == 1 ? std::move(ways.front()) : Json(nullptr);
}

// The names in a text may be either's.
Json name_schema(const char* first, const char* second, const Json& second_schema) {
  Json object = object_schema({{first, text_schema("")}, {second, second_schema}}, {first});
  return {{"anyOf", Json::array({Json{{"type", "string"}, {"minLength", 1}}, std::move(object)})}};
}

}  // namespace

Question read_question(const project::Project& project, const Json& arguments) {
  return {one_connection(project, arguments),
          app::query_from_json(question_json(arguments), "The query", "See the schema of the tool")};
}

app::QueryAnswer ask(CallSession& session, const Engine& engine, const project::Project& project,
                     const Question& question, const Asking& asking) {
  app::QueryRequest request{question.connection_id, question.query, asking.execute, asking.explain,
                            asking.max_rows};
  app::QueryRun run(session, project, std::move(request), engine.python());
  if (!run.prepare()) throw broken_sources(question.connection_id, session.findings());
  app::QueryAnswer answer = run.answer();
  auto& warnings = answer.compiled.warnings;
  warnings.insert(warnings.begin(), run.guesses().begin(), run.guesses().end());
  return answer;
}

bool compiles(CallSession& session, const Engine& engine, const project::Project& project,
              const Json& arguments) {
  try {
    ask(session, engine, project, read_question(project, arguments), {});
    return true;
  } catch (const Error& error) {
    const bool is_answer = error.kind() == ErrorKind::query || error.kind() == ErrorKind::model ||
                           error.kind() == ErrorKind::unsupported || error.kind() == ErrorKind::usage;
    if (!is_answer) throw;
    return false;
  }
}

void refuse_question(const Error& error, CallSession& session, const Engine& engine,
                     const project::Project& project, const std::string& tool, const Json& arguments) {
  constexpr int most_slips = 4;
  Json better = arguments;
  ErrorHints hints = error.hints();
  for (int slip = 0; slip < most_slips; ++slip) {
    better = respelled_once(better, hints);
    if (better.is_null()) break;
    try {
      ask(session, engine, project, read_question(project, better), {});
    } catch (const Error& next) {
      hints = next.kind() == ErrorKind::query ? next.hints() : ErrorHints();
      continue;
    }
    throw Refusal(error, {{"corrected_call", corrected_call(tool, better)}});
  }
  throw error;
}

Json question_properties() {
  const Json granularity = choice_schema({app::granularities.begin(), app::granularities.end()}, "");
  const Json direction = choice_schema({"asc", "desc"}, "");
  const Json texts = list_schema(text_schema(""), "");
  return {
      {"connectionId", text_schema("default: the only one")},
      {"measures",
       {{"type", "array"},
        {"items", name_schema("expr", "name", text_schema(""))},
        {"minItems", 1},
        {"description",
         R"text("orders.revenue", or an aggregate as "sum(orders.amount)", or {expr, name})text"}}},
      {"dimensions", list_schema(name_schema("field", "granularity", granularity),
                                 R"("orders.status", "orders.created_at:month" or {field, granularity})")},
      {"filters", list_schema(text_schema(""), "conditions in SQL: \"orders.amount > 10\"")},
      {"segments", list_schema(text_schema(""), "\"orders.paid\"")},
      {"order_by", list_schema(name_schema("field", "direction", direction),
                               "\"orders.revenue:desc\" or {field, direction}")},
      {"limit", {{"type", "integer"}, {"minimum", 0}, {"default", 1000}, {"description", "most rows"}}},
      {"include_empty",
       {{"type", "boolean"}, {"default", true}, {"description", "also values without any rows"}}},
      {"fill",
       {{"type", "boolean"},
        {"default", false},
        {"description", "every period between the first and the last"}}},
      {"compare", text_schema(R"("1 year" or "previous": each measure beside its value that long before)")},
      {"top", {{"type", "integer"}, {"minimum", 1}, {"description", "only the best so many groups"}}},
      {"per", list_schema(text_schema(""), "with top: the best of each value of these dimensions")},
      {"each_once",
       {{"type", "boolean"},
        {"default", false},
        {"description", "by the many side: a row counts once in every group that it belongs to"}}},
      {"join_path", list_schema(texts, "one of `routes`, when a refusal lists them")},
      {"timezone", text_schema("in which days and months begin: \"Europe/Berlin\"")}};
}

}  // namespace ktx::mcp
