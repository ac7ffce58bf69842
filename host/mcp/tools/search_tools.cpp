#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fields.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/util/text.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

const std::vector<std::string> all_kinds = {"source", "measure", "dimension", "segment"};

Answer search_model(CallSession& session, const Engine& engine, const Json& arguments) {
  const project::Project project = session.project();
  const auto connection_id = connection_argument(project, arguments);
  const Model model = read_model(project, connection_id);
  const auto limit = arguments.value("limit", std::size_t{10});
  FoundFields found = find_fields(session, engine, project, model,
                                  {.query = arguments.at("query").get<std::string>(),
                                   .connection_id = connection_id,
                                   .kinds = arguments.value("kinds", all_kinds),
                                   .limit = limit});
  Json items = Json::array();
  for (const FoundField& one : found.fields) {
    Json item = field_json(one.field);
    item["score"] = one.score;
    items.push_back(std::move(item));
  }
  Answer answer;
  answer.head = {{"total", items.size()}, {"limit_reached", items.size() >= limit}, {"trust", trust_data}};
  answer.parts = {{"items", std::move(items)}, notes_part(session, std::move(found.notes))};
  return answer;
}

// The matches of one value, those that are it before those that only have its words.
void add_value_matches(Json& matches, const std::string& value, const Model& model,
                       const search::Answer& answer) {
  Json similar = Json::array();
  for (const search::Hit& hit : answer.hits) {
    const Model::Entry& entry = model.sources[hit.document];
    for (const search::DictionaryMatch& match : hit.dictionary) {
      const bool is_same = std::ranges::any_of(
          match.values, [&](const std::string& found) { return lower_case(found) == lower_case(value); });
      (is_same ? matches : similar)
          .push_back({{"value", value},
                      {"column", entry.source.name + "." + match.column},
                      {"connectionId", entry.connection_id},
                      {"exact", is_same},
                      {"values", match.values}});
    }
  }
  for (Json& match : similar) matches.push_back(std::move(match));
}

Answer look_up_values(CallSession& session, const Json& arguments) {
  const project::Project project = session.project();
  const auto connection_id = connection_argument(project, arguments);
  const Model model = read_model(project, connection_id);
  std::vector<search::Document> documents;
  for (const Model::Entry& entry : model.sources) {
    documents.push_back(search::make_document(entry.connection_id, entry.source));
  }
  search::Request request;
  request.limit = std::max<std::size_t>(documents.size(), 1);
  request.connection_id = connection_id;
  // Only values are looked for: meanings would cost and find none.
  const search::Embeddings none{search::embedding_unconfigured, {}, {}};
  Json matches = Json::array();
  std::vector<std::string> notes;
  for (const Json& value : arguments.at("values")) {
    request.query = value.get<std::string>();
    const search::Answer found = search::search(project, session.environment, documents, request, none);
    add_value_matches(matches, request.query, model, found);
    const std::string& reason = found.lanes[1].reason;
    if (!reason.empty() && reason != search::empty_query) notes.push_back(reason);
  }
  std::ranges::sort(notes);
  notes.erase(std::ranges::unique(notes).begin(), notes.end());
  Answer answer;
  answer.head = {{"total", matches.size()}, {"trust", trust_data}};
  answer.parts = {{"matches", std::move(matches)}, notes_part(session, std::move(notes))};
  return answer;
}

void add_model_search(ToolTable& table) {
  table.add(
      {.name = "sl_search",
       .title = "Search the semantic layer",
       .description = "Find sources, measures, dimensions and segments by words, in one ranking.",
       .example = R"({"query": "refunds by region", "kinds": ["measure", "dimension"]})",
       .properties = {{"query", {{"type", "string"}, {"minLength", 1}}},
                      {"kinds", list_schema(choice_schema(all_kinds, ""), "default: all")},
                      {"connectionId", text_schema("only of this connection")},
                      {"limit", {{"type", "integer"}, {"minimum", 1}, {"maximum", 1000}, {"default", 10}}}},
       .required = {"query"},
       .head = {{"total", count_schema("")},
                {"limit_reached", flag_schema("there may be more than `limit`")},
                {"trust", trust_schema()}},
       .parts = {{"items", list_schema(field_schema(), "the best first")},
                 {"notes", list_schema(text_schema(""), "")}},
       .answer = [&engine = table.engine()](CallSession& session, Call&, const Json& arguments) {
         return search_model(session, engine, arguments);
       }});
}

}  // namespace

void add_search_tools(ToolTable& table) {
  add_model_search(table);
  table.add({.name = "dictionary_search",
             .title = "Find columns by value",
             .description = "Which columns hold a value, as far as the search knows the values: those that "
                            "columns list, and frequent ones of read-only SQLite databases.",
             .example = R"({"values": ["paid", "Berlin"]})",
             .properties =
                 {{"values",
                   {{"type", "array"}, {"items", {{"type", "string"}, {"minLength", 1}}}, {"minItems", 1}}},
                  {"connectionId", text_schema("only of this connection")}},
             .required = {"values"},
             .head = {{"total", count_schema("")}, {"trust", trust_schema()}},
             .parts = {{"matches",
                        list_schema(object_schema({{"value", text_schema("as asked")},
                                                   {"column", text_schema("as a query names it")},
                                                   {"connectionId", text_schema("")},
                                                   {"exact", flag_schema("whether it is among `values`")},
                                                   {"values", list_schema(text_schema(""), "found")}},
                                                  {"value", "column", "connectionId", "exact", "values"}),
                                    "exact ones of a value first")},
                       {"notes", list_schema(text_schema(""), "")}},
             .answer = [](CallSession& session, Call&, const Json& arguments) {
               return look_up_values(session, arguments);
             }});
}

}  // namespace ktx::mcp
