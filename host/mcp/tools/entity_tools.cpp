#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fields.hpp"
#include "ktx/mcp/refusal.hpp"
#include "ktx/project/measure.hpp"
#include "ktx/util/error.hpp"
#include "ktx/yaml/node.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

Json node_json(const yaml::Node* node) {
  if (node == nullptr) return nullptr;
  std::string text;
  yaml::append_json(text, *node);
  return Json::parse(text);
}

// Collects what is asked for by name.
class EntityReading {
 public:
  EntityReading(const Model& model, std::optional<std::string> connection_id)
      : model_(model), connection_id_(std::move(connection_id)) {}

  void add(const std::string& name, std::size_t position) {
    bool is_found = false;
    for (const Model::Entry& entry : model_.sources) {
      if (connection_id_ && entry.connection_id != *connection_id_) continue;
      if (entry.source.name == name) {
        add_source(entry, {});
        is_found = true;
      } else if (name.starts_with(entry.source.name + ".")) {
        is_found = add_source(entry, name) || is_found;
      }
    }
    if (!is_found && name == project::metric_time) is_found = add_metric_time();
    if (!is_found) throw unknown(name, position);
  }

  Answer answer(const CallSession& session) && {
    Answer answer;
    answer.head = {
        {"sources_found", sources_.size()}, {"fields_found", fields_.size()}, {"trust", trust_data}};
    answer.parts = {{"sources", std::move(sources_)},
                    {"joins", std::move(joins_)},
                    {"fields", std::move(fields_)},
                    notes_part(session)};
    return answer;
  }

 private:
  // For each connection where a source says what dates it. Whether there is one.
  bool add_metric_time() {
    bool is_found = false;
    for (const Model::Entry& entry : model_.sources) {
      if (connection_id_ && entry.connection_id != *connection_id_) continue;
      const auto field = metric_time_of(model_, entry.connection_id);
      if (field) add_once(fields_, field_json(*field));
      is_found = is_found || field;
    }
    return is_found;
  }

  // The source, its joins, and its fields: all of them, or the one of that reference. Whether there is one.
  bool add_source(const Model::Entry& entry, const std::string& reference) {
    std::vector<Json> fields;
    for (const Field& field : fields_of(entry)) {
      if (field.kind != "source" && (reference.empty() || field.reference() == reference)) {
        fields.push_back(field_json(field));
      }
    }
    if (!reference.empty() && fields.empty()) return false;
    add_once(sources_, source_json(entry));
    for (Json& field : fields) add_once(fields_, std::move(field));
    const yaml::Node* joins = entry.source.definition.find_value("joins");
    if (joins == nullptr) return true;
    for (const yaml::Node& join : joins->items) {
      Json item = {{"source", entry.source.name}};
      item.update(node_json(&join));
      add_once(joins_, std::move(item));
    }
    return true;
  }

  static Json source_json(const Model::Entry& entry) {
    const yaml::Node& definition = entry.source.definition;
    Json json = {{"connectionId", entry.connection_id}, {"name", entry.source.name}, {"path", entry.path}};
    if (const std::string text = entry.source.description(); !text.empty()) json["description"] = text;
    for (const char* key : {"table", "sql", "grain", "timezone", "default_time_dimension"}) {
      if (const yaml::Node* node = definition.find_value(key)) json[key] = node_json(node);
    }
    return json;
  }

  static void add_once(Json& list, Json item) {
    if (std::ranges::find(list, item) == list.end()) list.push_back(std::move(item));
  }

  Error unknown(const std::string& name, std::size_t position) const {
    std::vector<std::string> names;
    for (const Model::Entry& entry : model_.sources) {
      const bool is_inside = name.starts_with(entry.source.name + ".");
      for (const Field& field : fields_of(entry)) {
        if (field.kind == "source" || is_inside) names.push_back(field.reference());
      }
    }
    const std::string meant = meant_name(name, names);
    Error error(ErrorKind::model,
                "There is no source or field \"" + name + "\"" +
                    (meant.empty() ? "" : "; did you mean \"" + meant + "\"?"),
                "sl_search finds names by words");
    if (meant.empty()) return error;
    return error.with({.suggestions = {meant}, .request_path = "/names/" + std::to_string(position)});
  }

  const Model& model_;
  std::optional<std::string> connection_id_;
  Json sources_ = Json::array();
  Json joins_ = Json::array();
  Json fields_ = Json::array();
};

Answer describe_entities(const CallSession& session, const Json& arguments) {
  const project::Project project = session.project();
  const auto connection_id = connection_argument(project, arguments);
  const Model model = read_model(project, connection_id);
  EntityReading reading(model, connection_id);
  std::size_t position = 0;
  for (const Json& name : arguments.at("names")) reading.add(name.get<std::string>(), position++);
  return std::move(reading).answer(session);
}

Json source_schema() {
  return {{"type", "object"},
          {"properties",
           {{"connectionId", text_schema("")},
            {"name", text_schema("")},
            {"path", text_schema("")},
            {"description", text_schema("")},
            {"table", text_schema("")},
            {"sql", text_schema("")},
            {"grain", list_schema(text_schema(""), "what tells its rows apart")}}},
          {"required", {"connectionId", "name", "path"}}};
}

}  // namespace

void add_entity_tools(ToolTable& table) {
  table.add({.name = "entity_details",
             .title = "Describe sources and fields",
             .description = "Grain, joins, measures, dimensions, segments and descriptions of sources, or of "
                            "single fields of them.",
             .example = R"({"names": ["orders", "customers.segment"]})",
             .properties =
                 {{"names",
                   {{"type", "array"}, {"items", {{"type", "string"}, {"minLength", 1}}}, {"minItems", 1}}},
                  {"connectionId", text_schema("only of this connection")}},
             .required = {"names"},
             .head = {{"sources_found", count_schema("")},
                      {"fields_found", count_schema("")},
                      {"trust", trust_schema()}},
             .parts = {{"sources", list_schema(source_schema(), "")},
                       {"joins", list_schema({{"type", "object"},
                                              {"properties",
                                               {{"source", text_schema("")},
                                                {"to", text_schema("")},
                                                {"on", text_schema("")},
                                                {"relationship", text_schema("")},
                                                {"alias", text_schema("")},
                                                {"valid", {{"type", "object"}}}}},
                                              {"required", {"source", "to"}}},
                                             "")},
                       {"fields", list_schema(field_schema(), "")},
                       {"notes", list_schema(text_schema(""), "")}},
             .answer = [](CallSession& session, Call&, const Json& arguments) {
               return describe_entities(session, arguments);
             }});
}

}  // namespace ktx::mcp
