#include <utility>

#include "ktx/app/cell.hpp"
#include "ktx/output/query_view.hpp"

namespace ktx::cli {
namespace {

Json execution_json(const std::optional<app::Execution>& execution) {
  if (!execution)
    return {{"mode", "compile_only"}, {"reason", "Not asked to run the query; --execute runs it"}};
  Json json = {{"mode", "executed"}, {"driver", execution->driver}, {"maxRows", nullptr}};
  if (execution->max_rows) json["maxRows"] = *execution->max_rows;
  json["rowCount"] = execution->result.rows.size();
  return json;
}

Json rows_json(const std::optional<app::Execution>& execution) {
  Json rows = Json::array();
  if (!execution) return rows;
  for (const auto& row : execution->result.rows) {
    Json& cells = rows.emplace_back(Json::array());
    for (const database::Value& value : row) cells.push_back(app::cell_json(value));
  }
  return rows;
}

Json explanation_json(const semantic::Explanation& explanation) {
  Json children = Json::array();
  for (const semantic::Explanation& child : explanation.children) children.push_back(explanation_json(child));
  return {{"text", explanation.text}, {"children", std::move(children)}};
}

Json warnings_json(const std::vector<semantic::Warning>& warnings) {
  Json list = Json::array();
  for (const semantic::Warning& warning : warnings) {
    Json& entry = list.emplace_back();
    entry["code"] = warning.code;
    entry["severity"] = warning.severity;
    entry["message"] = warning.message;
    if (!warning.place.empty()) entry["place"] = warning.place;
  }
  return list;
}

}  // namespace

std::string render_query_json(const app::QueryAnswer& answer) {
  Json json;
  json["connectionId"] = answer.connection_id;
  json["dialect"] = answer.compiled.dialect;
  json["sql"] = answer.compiled.sql;
  json["headers"] = answer.compiled.columns;
  json["rows"] = rows_json(answer.execution);
  json["totalRows"] = json["rows"].size();
  json["plan"] = answer.compiled.plan;
  json["plan"]["execution"] = execution_json(answer.execution);
  json["timezone"] = answer.compiled.timezone;
  if (answer.compiled.explanation) json["explanation"] = explanation_json(*answer.compiled.explanation);
  json["warnings"] = warnings_json(answer.compiled.warnings);
  return pretty_json(json);
}

}  // namespace ktx::cli
