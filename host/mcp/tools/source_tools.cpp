#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fields.hpp"
#include "ktx/app/python_access.hpp"
#include "ktx/app/source_texts.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

Json source_item(const Model::Entry& entry) {
  const project::Source& source = entry.source;
  Json item = {{"connectionId", entry.connection_id}, {"name", source.name}, {"path", entry.path}};
  if (const std::string text = source.description(); !text.empty()) item["description"] = text;
  item["columnCount"] = source.count("columns");
  item["measureCount"] = source.count("measures");
  item["joinCount"] = source.count("joins");
  return item;
}

// A file that cannot be read takes its sources out of the list: that must be said.
std::vector<std::string> fault_notes(const Model& model) {
  std::vector<std::string> notes;
  for (const Finding& finding : model.findings) {
    if (finding.severity == Severity::error) notes.push_back(to_error(finding, ErrorKind::model).message());
  }
  return notes;
}

search::Answer searched(CallSession& session, const Engine& engine, const project::Project& project,
                        const Model& model, const Json& arguments) {
  std::vector<search::Document> documents;
  for (const Model::Entry& entry : model.sources) {
    documents.push_back(search::make_document(entry.connection_id, entry.source));
  }
  search::Request request;
  request.query = arguments.value("query", "");
  request.limit = documents.size();
  request.connection_id = connection_argument(project, arguments);
  const app::EmbeddingChoice choice = app::choose_embeddings(session, project, engine.python());
  return search::search(project, session.environment, documents, request, choice.embeddings);
}

Answer list_sources(CallSession& session, const Engine& engine, const Json& arguments) {
  const project::Project project = session.project();
  const Model model = read_model(project, connection_argument(project, arguments));
  Json items = Json::array();
  std::vector<std::string> notes = fault_notes(model);
  if (arguments.value("query", "").empty()) {
    for (const Model::Entry& entry : model.sources) items.push_back(source_item(entry));
  } else {
    search::Answer found = searched(session, engine, project, model, arguments);
    for (const search::Hit& hit : found.hits) {
      Json& item = items.emplace_back(source_item(model.sources[hit.document]));
      item["score"] = hit.score;
    }
    std::ranges::move(found.notes, std::back_inserter(notes));
  }
  Answer answer;
  answer.head = {{"total", items.size()}, {"trust", trust_data}};
  answer.parts = {{"sources", std::move(items)}, notes_part(session, std::move(notes))};
  return answer;
}

Answer read_source(CallSession& session, const Json& arguments) {
  const project::Project project = session.project();
  app::SourceTextRequest request;
  request.name = arguments.at("sourceName");
  request.connection_id = connection_argument(project, arguments);
  request.composed = arguments.value("composed", false);
  app::SourceText found;
  try {
    found = app::find_source_text(project, request);
  } catch (const Error& error) {
    // Several connections have it, or none.
    const bool is_ambiguous = error.message().starts_with("Several");
    const Error own(error.kind(), error.message(),
                    is_ambiguous ? "Name one in `connectionId`" : "sl_list_sources shows the names");
    throw about_argument(own.with(error.hints()), is_ambiguous ? "connectionId" : "sourceName");
  }
  Answer answer;
  answer.head = {{"connectionId", found.connection_id}, {"sourceName", request.name}, {"trust", trust_data}};
  answer.parts = {{"yaml", std::move(found.text)}};
  return answer;
}

Json source_item_schema() {
  return object_schema({{"connectionId", text_schema("")},
                        {"name", text_schema("")},
                        {"path", text_schema("")},
                        {"description", text_schema("")},
                        {"columnCount", count_schema("")},
                        {"measureCount", count_schema("")},
                        {"joinCount", count_schema("")},
                        {"score", {{"type", "number"}}}},
                       {"connectionId", "name", "path"});
}

}  // namespace

void add_source_tools(ToolTable& table) {
  table.add({.name = "sl_list_sources",
             .title = "List sources",
             .description = "The sources of the semantic layer, all or those that words are about.",
             .example = R"({"query": "orders"})",
             .properties = {{"connectionId", text_schema("only of this connection")},
                            {"query", text_schema("words; the best source comes first")}},
             .head = {{"total", count_schema("")}, {"trust", trust_schema()}},
             .parts = {{"sources", list_schema(source_item_schema(), "")},
                       {"notes", list_schema(text_schema(""), "")}},
             .answer = [&engine = table.engine()](CallSession& session, Call&, const Json& arguments) {
               return list_sources(session, engine, arguments);
             }});
  table.add({.name = "sl_read_source",
             .title = "Read a source",
             .description = "The YAML of a source: its file, or, with `composed`, what queries see.",
             .example = R"({"sourceName": "orders"})",
             .properties = {{"connectionId", text_schema("needed if several connections have the source")},
                            {"sourceName", {{"type", "string"}, {"minLength", 1}}},
                            {"composed", {{"type", "boolean"}, {"default", false}}}},
             .required = {"sourceName"},
             .head = {{"connectionId", text_schema("")},
                      {"sourceName", text_schema("")},
                      {"trust", trust_schema()}},
             .parts = {{"yaml", text_schema("")}},
             .answer = [](CallSession& session, Call&, const Json& arguments) {
               return read_source(session, arguments);
             }});
}

}  // namespace ktx::mcp
