#include <string>

#include "ktx/app/cell.hpp"
#include "ktx/app/query_json.hpp"
#include "ktx/app/query_run.hpp"
#include "ktx/mcp/tools.hpp"

namespace ktx::mcp {
namespace {

Json query(Engine& engine, Call& call, const Json& arguments) {
  const auto session = engine.session(call.cancellation());
  const project::Project project = session->project();
  Json question = arguments;
  app::QueryRequest request;
  request.execute = arguments.value("execute", false);
  if (arguments.contains("connectionId")) request.connection_id = arguments.at("connectionId");
  for (const char* own : {"execute", "connectionId"}) question.erase(own);
  request.query = app::query_from_json(question, "The query", "");
  app::QueryRun run(*session, project, std::move(request), engine.python());
  if (!run.prepare()) throw Error(ErrorKind::model, "The sources have errors", "Call sl_validate");
  const app::QueryAnswer answer = run.answer();
  Json result = {{"connectionId", answer.connection_id},
                 {"dialect", answer.compiled.dialect},
                 {"sql", answer.compiled.sql}};
  if (answer.execution) {
    Json rows = Json::array();
    for (const auto& row : answer.execution->result.rows) {
      Json& cells = rows.emplace_back(Json::array());
      for (const auto& cell : row) cells.push_back(app::cell_json(cell));
    }
    result["headers"] = answer.compiled.columns;
    result["rows"] = std::move(rows);
  }
  return result;
}

}  // namespace

void add_query_tools(std::vector<Tool>& tools, Engine& engine) {
  const Json texts = {{"type", "array"}, {"items", {{"type", "string"}}}};
  tools.push_back(
      {.name = "sl_query",
       .title = "Ask the semantic layer",
       .description = "Compile a semantic query to SQL and run it. Example: {\"measures\": "
                      "[\"orders.revenue\"], \"dimensions\": [\"orders.status\"], \"execute\": true}",
       .input = {{"type", "object"},
                 {"properties",
                  {{"connectionId", {{"type", "string"}}},
                   {"measures", {{"type", "array"}, {"minItems", 1}}},
                   {"dimensions", {{"type", "array"}}},
                   {"filters", texts},
                   {"execute", {{"type", "boolean"}}}}},
                 {"required", {"measures"}},
                 {"additionalProperties", false}},
       .output = {{"type", "object"}},
       .annotations = {.open_world = true},
       .run = [&engine](Call& call, const Json& arguments) { return query(engine, call, arguments); }});
}

std::vector<Tool> all_tools(Engine& engine) {
  std::vector<Tool> tools;
  add_connection_tools(tools, engine);
  add_query_tools(tools, engine);
  return tools;
}

}  // namespace ktx::mcp
