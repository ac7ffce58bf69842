#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fields.hpp"
#include "ktx/mcp/refusal.hpp"
#include "ktx/util/error.hpp"
#include "plain_words.hpp"
#include "question.hpp"
#include "ready_call.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

// One question in words.
class Discovery {
 public:
  Discovery(CallSession& session, const Engine& engine, const Json& arguments)
      : session_(session),
        engine_(engine),
        project_(session.project()),
        connection_id_(connection_argument(project_, arguments)),
        model_(read_model(project_, connection_id_)),
        limit_(arguments.value("limit", std::size_t{5})) {
    matter_.query = arguments.at("query").get<std::string>();
  }

  Answer answer() {
    constexpr std::size_t wide = 400;
    FoundFields found = find_fields(session_, engine_, project_, model_,
                                    {.query = matter_.query,
                                     .connection_id = connection_id_,
                                     .kinds = {"source", "measure", "dimension", "segment"},
                                     .limit = wide});
    notes_ = std::move(found.notes);
    matter_.values = std::move(found.values);
    for (FoundField& one : found.fields) {
      if (one.field.kind != "measure") fields_[one.field.kind].push_back(std::move(one.field));
    }
    find_measures(wide);
    matter_.measures = fields_["measure"];
    matter_.dimensions = fields_["dimension"];
    matter_.segments = fields_["segment"];
    Answer answer;
    answer.head = {{"trust", trust_data}};
    answer.parts = {
        {"ready_calls", ready_calls()}, {"measures", best("measure")}, {"dimensions", best("dimension")},
        {"segments", best("segment")},  {"sources", best("source")},   {"values", values()},
        {"samples", samples()}};
    answer.parts.push_back(notes_part(session_, std::move(notes_)));
    return answer;
  }

 private:
  // What is grouped by names no measure: only the words before "by" count.
  void find_measures(std::size_t wide) {
    const std::vector<std::string> words = words_of(matter_.query);
    const std::size_t grouping = grouped_by(words).size();
    std::string query;
    for (std::size_t i = 0; i + grouping < words.size(); ++i) query += words[i] + " ";
    for (const std::string& asked : {query, matter_.query}) {
      FoundFields found =
          find_fields(session_, engine_, project_, model_,
                      {.query = asked, .connection_id = connection_id_, .kinds = {"measure"}, .limit = wide});
      for (FoundField& one : found.fields) fields_["measure"].push_back(std::move(one.field));
      if (!fields_["measure"].empty()) return;
    }
  }

  // Without a planner everything else is still worth knowing.
  Json ready_calls() {
    if (matter_.measures.empty()) {
      notes_.emplace_back("No measure is about these words, so there is no ready call");
      return Json::array();
    }
    try {
      const Json arguments = ready_call(
          model_, matter_, [&](const Json& tried) { return compiles(session_, engine_, project_, tried); });
      if (arguments.is_null()) {
        notes_.emplace_back("Nothing that these words suggest compiles; make a call of the names below");
        return Json::array();
      }
      return Json::array({corrected_call("sl_query", arguments)});
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      const std::string fix = error.fix().empty() ? "" : ". " + error.fix();
      notes_.push_back("No ready call was checked: " + error.message() + fix);
      return Json::array();
    }
  }

  Json best(const std::string& kind) {
    Json list = Json::array();
    for (const Field& field : fields_[kind]) {
      if (list.size() == limit_) break;
      list.push_back(field_json(field));
    }
    return list;
  }

  Json values() const {
    Json list = Json::array();
    for (const auto& [place, match] : matter_.values) {
      if (list.size() == limit_) break;
      list.push_back(
          {{"column", place.substr(place.find('/') + 1) + "." + match.column}, {"values", match.values}});
    }
    return list;
  }

  // Values of the best dimensions, as far as the search knows any.
  Json samples() {
    constexpr std::size_t most_samples = 8;
    Json list = Json::array();
    std::size_t looked_at = 0;
    for (const Field& field : fields_["dimension"]) {
      if (looked_at++ == limit_) break;
      Json values = Json::array();
      for (const auto& known : values_of_source(field)) {
        if (known.column == field.name && values.size() < most_samples) values.push_back(known.value);
      }
      if (!values.empty()) list.push_back({{"column", field.reference()}, {"values", std::move(values)}});
    }
    return list;
  }

  const std::vector<search::ColumnValue>& values_of_source(const Field& field) {
    const std::string key = field.connection_id + "/" + field.source;
    const auto known = known_.find(key);
    if (known != known_.end()) return known->second;
    return known_[key] = search::known_values(project_, field.connection_id, field.source);
  }

  CallSession& session_;
  const Engine& engine_;
  project::Project project_;
  std::optional<std::string> connection_id_;
  Model model_;
  std::size_t limit_;
  QuestionMatter matter_;
  std::map<std::string, std::vector<Field>> fields_;
  std::map<std::string, std::vector<search::ColumnValue>> known_;
  std::vector<std::string> notes_;
};

Json column_values_schema(const std::string& description) {
  return list_schema(object_schema({{"column", text_schema("as a query names it")},
                                    {"values", list_schema(text_schema(""), "")}},
                                   {"column", "values"}),
                     description);
}

}  // namespace

void add_discovery_tools(ToolTable& table) {
  const Json fields = list_schema({{"type", "object"}, {"required", {"kind", "reference", "connectionId"}}},
                                  "as of sl_search, the best first");
  table.add(
      {.name = "discover",
       .aliases = {"discover_data"},
       .title = "Start with a question",
       .description = "Call this first. For a question in words: the best measures, dimensions, segments, "
                      "sources and values, and in `ready_calls` an sl_query call that compiles.",
       .example = R"({"query": "revenue of paid orders by region and month"})",
       .properties = {{"query", {{"type", "string"}, {"minLength", 1}}},
                      {"connectionId", text_schema("only of this connection")},
                      {"limit",
                       {{"type", "integer"},
                        {"minimum", 1},
                        {"maximum", 50},
                        {"default", 5},
                        {"description", "most items of each kind"}}}},
       .required = {"query"},
       .head = {{"trust", trust_schema()}},
       .parts = {{"ready_calls",
                  list_schema(object_schema({{"tool", text_schema("")}, {"arguments", {{"type", "object"}}}},
                                            {"tool", "arguments"}),
                              "at most one")},
                 {"measures", fields},
                 {"dimensions", fields},
                 {"segments", fields},
                 {"sources", fields},
                 {"values", column_values_schema("values that the words name")},
                 {"samples", column_values_schema("values of the dimensions above")},
                 {"notes", list_schema(text_schema(""), "")}},
       .answer = [&engine = table.engine()](CallSession& session, Call&, const Json& arguments) {
         return Discovery(session, engine, arguments).answer();
       }});
}

}  // namespace ktx::mcp
