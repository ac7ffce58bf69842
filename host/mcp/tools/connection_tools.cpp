#include <string>

#include "ktx/app/project_status.hpp"
#include "ktx/mcp/tools.hpp"

namespace ktx::mcp {
namespace {

Json list_connections(Engine& engine, Call& call) {
  const auto session = engine.session(call.cancellation());
  const project::Project project = session->project();
  Json list = Json::array();
  for (const project::Connection& connection : project.config.connections) {
    list.push_back(
        {{"id", connection.id}, {"driver", connection.driver ? Json(*connection.driver) : Json(nullptr)}});
  }
  return {{"connections", std::move(list)}};
}

}  // namespace

void add_connection_tools(std::vector<Tool>& tools, Engine& engine) {
  tools.push_back(
      {.name = "connection_list",
       .title = "List connections",
       .description = "List the project's database connections. Example: {}",
       .input = {{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}},
       .output = {{"type", "object"}},
       .annotations = {},
       .run = [&engine](Call& call, const Json&) { return list_connections(engine, call); }});
}

}  // namespace ktx::mcp
