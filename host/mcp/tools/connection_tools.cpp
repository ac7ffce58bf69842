#include <algorithm>
#include <string>
#include <utility>

#include "ktx/app/query_run.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/database/connection_settings.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/util/error.hpp"
#include "tool_groups.hpp"
#include "tool_table.hpp"

namespace ktx::mcp {
namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Answer list_connections(const CallSession& session) {
  const project::Project project = session.project();
  Json list = Json::array();
  for (const project::Connection& connection : project.config.connections) {
    const std::string driver = connection.driver.value_or("");
    list.push_back({{"id", connection.id},
                    {"driver", text_or_null(driver)},
                    {"dialect", text_or_null(semantic::dialect_of_driver(driver).value_or(""))},
                    {"readonly", connection.readonly},
                    {"location", text_or_null(database::connection_location(connection))},
                    {"has_sources", project::has_source_directory(project.directory, connection.id)}});
  }
  return {{{"total", list.size()}, {"trust", trust_data}}, {{"connections", std::move(list)}}};
}

Answer test(CallSession& session, const Engine& engine, const Json& arguments) {
  const project::Project project = session.project();
  const project::Connection& connection = app::known_connection(project, one_connection(project, arguments));
  check_may_execute(connection);
  app::PythonAccess python(session, app::with_driver(engine.python(), connection, true));
  const database::ConnectionReport report =
      database::test_connection(connection, session.environment, project.directory, python.source());
  Answer answer;
  answer.head = {{"connectionId", connection.id},
                 {"driver", report.driver},
                 {"tables", report.tables},
                 {"serverVersion", text_or_null(report.server_version.value_or(""))},
                 {"database", text_or_null(report.database.value_or(""))},
                 {"readOnlyEnforced", report.read_only_enforced},
                 {"readOnlyHow", report.read_only_how},
                 {"trust", trust_data}};
  answer.parts = {{"schemas", report.schemas}, notes_part(session)};
  return answer;
}

}  // namespace

void check_may_execute(const project::Connection& connection) {
  if (connection.readonly) return;
  throw Error(ErrorKind::connection,
              "The connection " + connection.id + " is not marked as read-only, so nothing is run on it",
              "Somebody who may decide that has to write connections." + connection.id +
                  ".readonly: true into ktx.yaml");
}

void add_connection_tools(ToolTable& table) {
  table.add({.name = "connection_list",
             .title = "List connections",
             .description = "The databases of the project, without secrets; `readonly` says whether queries "
                            "may be run on one.",
             .example = "{}",
             .properties = {},
             .head = {{"total", count_schema("")}, {"trust", trust_schema()}},
             .parts = {{"connections", list_schema(object_schema({{"id", text_schema("")},
                                                                  {"driver", or_null("string")},
                                                                  {"dialect", or_null("string")},
                                                                  {"readonly", flag_schema("")},
                                                                  {"location", or_null("string")},
                                                                  {"has_sources", flag_schema("")}},
                                                                 {"id", "driver", "readonly"}),
                                                   "")}},
             .answer = [](CallSession& session, Call&, const Json&) { return list_connections(session); }});
  table.add(
      {.name = "connection_test",
       .title = "Test a connection",
       .description = "Connect to a read-only database and say what is there.",
       .example = R"({"connectionId": "warehouse"})",
       .properties = {{"connectionId", text_schema("default: the only one")}},
       .head = {{"connectionId", text_schema("")},
                {"driver", text_schema("")},
                {"tables", count_schema("tables and views")},
                {"serverVersion", or_null("string")},
                {"database", or_null("string")},
                {"readOnlyEnforced", flag_schema("whether the database itself refuses to write")},
                {"readOnlyHow", text_schema("")},
                {"trust", trust_schema()}},
       .parts = {{"schemas", list_schema(text_schema(""), "")}, {"notes", list_schema(text_schema(""), "")}},
       .annotations = {.open_world = true},
       .time_limit = database_time_limit,
       .answer = [&engine = table.engine()](CallSession& session, Call&, const Json& arguments) {
         return test(session, engine, arguments);
       }});
}

}  // namespace ktx::mcp
