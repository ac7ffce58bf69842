#include <string>
#include <utility>

#include "ktx/app/cell.hpp"
#include "ktx/app/query_run.hpp"
#include "result_rows.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

constexpr std::int64_t default_rows = 1000;
constexpr std::int64_t most_rows = 10000;

Answer run_sql(CallSession& session, const Engine& engine, const Json& arguments) {
  const project::Project project = session.project();
  const project::Connection& connection = app::known_connection(project, one_connection(project, arguments));
  check_may_execute(connection);
  app::SqlRun run(session, project, connection.id, engine.python());
  const app::SqlAnswer answer =
      run.run(arguments.at("sql").get<std::string>(), arguments.value("max_rows", default_rows));
  std::vector<std::string> notes;
  for (const std::size_t column : answer.result.not_utf8) {
    notes.push_back(app::not_utf8_text(answer.result.columns.at(column)));
  }
  if (answer.result.truncated) notes.emplace_back("There are more rows than `max_rows` allows to read");
  Answer page;
  page.head = {{"connectionId", answer.connection_id},
               {"dialect", answer.dialect},
               {"row_count", answer.result.rows.size()},
               {"row_limit_reached", answer.result.truncated},
               {"trust", trust_data}};
  page.parts = {notes_part(session, std::move(notes)),
                {"columns", columns_json(answer.result.columns, &answer.result)},
                {"rows", app::rows_json(answer.result)}};
  return page;
}

}  // namespace

void add_sql_tools(ToolTable& table) {
  table.add({.name = "sql_execution",
             .title = "Run SQL",
             .description =
                 "Run one SELECT or WITH statement that only reads, on a read-only connection. Prefer "
                 "sl_query: SQL by hand has no protection from wrong joins.",
             .example = R"({"sql": "select count(*) from orders"})",
             .properties =
                 {{"connectionId", text_schema("default: the only one")},
                  {"sql", {{"type", "string"}, {"minLength", 1}}},
                  {"max_rows",
                   {{"type", "integer"}, {"minimum", 1}, {"maximum", most_rows}, {"default", default_rows}}}},
             .required = {"sql"},
             .head = {{"connectionId", text_schema("")},
                      {"dialect", text_schema("")},
                      {"row_count", count_schema("")},
                      {"row_limit_reached", flag_schema("there are more rows")},
                      {"trust", trust_schema()}},
             .parts = {{"notes", list_schema(text_schema(""), "")},
                       {"columns", columns_schema()},
                       {"rows", rows_schema()}},
             .annotations = {.open_world = true},
             .time_limit = database_time_limit,
             .answer = [&engine = table.engine()](CallSession& session, Call&, const Json& arguments) {
               return run_sql(session, engine, arguments);
             }});
}

}  // namespace ktx::mcp
