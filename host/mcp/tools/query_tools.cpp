#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ktx/app/cell.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/query_json.hpp"
#include "ktx/app/query_run.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/util/error.hpp"
#include "question.hpp"
#include "result_rows.hpp"
#include "tool_groups.hpp"

namespace ktx::mcp {
namespace {

const project::Connection* configured(const project::Project& project, const std::string& id) {
  return project.config.find_connection(id);
}

// Why a question is only compiled although its caller did not ask for that; empty if it is run.
std::string reason_to_compile(const project::Project& project, const std::string& id) {
  const project::Connection* connection = configured(project, id);
  if (connection == nullptr) return "ktx.yaml does not declare the connection " + id;
  if (connection->readonly) return {};
  return "the connection " + id + " is not marked as read-only (connections." + id +
         ".readonly: true in ktx.yaml)";
}

bool may_execute(const project::Project& project, const std::string& id, const Json& arguments,
                 std::vector<std::string>& notes) {
  const std::string reason = reason_to_compile(project, id);
  if (!arguments.contains("execute")) {
    if (!reason.empty()) notes.push_back("The query was compiled and not run: " + reason);
    return reason.empty();
  }
  if (!arguments.at("execute").get<bool>()) return false;
  if (configured(project, id) == nullptr) throw project::unknown_connection(project.config, id);
  check_may_execute(*configured(project, id));
  return true;
}

// A statement in words, those that justify it below it and further in.
void add_explanation(std::string& text, const semantic::Explanation& statement, std::size_t depth) {
  text.append(2 * depth, ' ').append("- ").append(statement.text).append("\n");
  for (const semantic::Explanation& child : statement.children) add_explanation(text, child, depth + 1);
}

std::string limit_note(const app::Execution& execution) {
  const bool is_limit = execution.met == app::RowBound::limit;
  return "The result has as many rows as `" + std::string(is_limit ? "limit" : "max_rows") + "` allows, " +
         std::to_string(execution.result.rows.size()) + "; there may be more";
}

Answer query_answer(const CallSession& session, const app::QueryAnswer& answer,
                    std::vector<std::string> notes) {
  const auto& execution = answer.execution;
  if (execution && execution->met) notes.push_back(limit_note(*execution));
  Answer page;
  page.head = {{"connectionId", answer.connection_id},
               {"dialect", answer.compiled.dialect},
               {"timezone", answer.compiled.timezone},
               {"executed", execution.has_value()},
               {"row_count", execution ? Json(execution->result.rows.size()) : Json(nullptr)},
               {"row_limit_reached", execution && execution->met},
               {"trust", trust_data}};
  std::string explanation;
  if (answer.compiled.explanation) add_explanation(explanation, *answer.compiled.explanation, 0);
  page.parts = {{"warnings", app::warnings_json(answer.compiled.warnings)},
                notes_part(session, std::move(notes)),
                {"sql", answer.compiled.sql}};
  if (!explanation.empty()) page.parts.push_back({"explanation", std::move(explanation)});
  page.parts.push_back(
      {"columns", columns_json(answer.compiled.columns, execution ? &execution->result : nullptr)});
  if (execution) page.parts.push_back({"rows", app::rows_json(execution->result)});
  return page;
}

Answer query(CallSession& session, const Engine& engine, Call& call, const Json& arguments) {
  const project::Project project = session.project();
  const Question question = read_question(project, arguments);
  std::vector<std::string> notes;
  Asking asking;
  asking.execute = may_execute(project, question.connection_id, arguments, notes);
  asking.explain = arguments.value("explain", false);
  if (arguments.contains("max_rows")) asking.max_rows = arguments.at("max_rows").get<std::int64_t>();
  call.progress(0, 2, "planning");
  try {
    const app::QueryAnswer answer = ask(session, engine, project, question, asking);
    call.progress(2, 2, asking.execute ? "executed" : "compiled");
    return query_answer(session, answer, std::move(notes));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::query) throw;
    refuse_question(error, session, engine, project, "sl_query", arguments);
  }
}

Answer explain(CallSession& session, const Engine& engine, const Json& arguments) {
  const project::Project project = session.project();
  const Question question = read_question(project, arguments);
  try {
    const app::QueryAnswer answer = ask(session, engine, project, question, {false, true, std::nullopt});
    Answer page = query_answer(session, answer, {});
    for (const char* name : {"executed", "row_count", "row_limit_reached"}) page.head.erase(name);
    std::erase_if(page.parts, [](const Part& part) { return part.name == "columns"; });
    return page;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::query) throw;
    refuse_question(error, session, engine, project, "sl_explain", arguments);
  }
}

Json warning_list_schema() {
  return list_schema(object_schema({{"code", text_schema("")},
                                    {"severity", text_schema("")},
                                    {"message", text_schema("")},
                                    {"place", text_schema("file:line:column")}},
                                   {"code", "severity", "message"}),
                     "");
}

Json query_properties() {
  Json properties = question_properties();
  properties["execute"] =
      flag_schema("run it too; default: true where the connection is read-only, else only compile");
  properties["explain"] = {{"type", "boolean"}, {"default", false}};
  properties["max_rows"] = {
      {"type", "integer"}, {"minimum", 1}, {"description", "read at most so many rows; default: limit"}};
  return properties;
}

ToolSpec query_spec(const Engine& engine) {
  return {.name = "sl_query",
          .title = "Ask the semantic layer",
          .description =
              "Compile a question to SQL and run it. Joins, fan-out and time zones are right, or the "
              "call is refused with `did_you_mean`, `routes` or `corrected_call`.",
          .example = R"({"measures": ["orders.revenue"], "dimensions": ["orders.created_at:month"], )"
                     R"("filters": ["orders.status = 'paid'"], "order_by": ["orders.revenue:desc"]})",
          .properties = query_properties(),
          .required = {"measures"},
          .head = {{"connectionId", text_schema("")},
                   {"dialect", text_schema("")},
                   {"timezone", text_schema("")},
                   {"executed", flag_schema("")},
                   {"row_count", or_null("integer")},
                   {"row_limit_reached", flag_schema("there may be more rows")},
                   {"trust", trust_schema()}},
          .parts = {{"warnings", warning_list_schema()},
                    {"notes", list_schema(text_schema(""), "")},
                    {"sql", text_schema("")},
                    {"explanation", text_schema("")},
                    {"columns", question_columns_schema()},
                    {"rows", rows_schema()}},
          .annotations = {.open_world = true},
          .time_limit = database_time_limit,
          .answer = [&engine](CallSession& session, Call& call, const Json& arguments) {
            return query(session, engine, call, arguments);
          }};
}

}  // namespace

void add_query_tools(ToolTable& table) {
  table.add(query_spec(table.engine()));
  table.add({.name = "sl_explain",
             .title = "Explain a query",
             .description = "How a question would be answered and why that is right, without running it.",
             .example = R"({"measures": ["orders.revenue"], "dimensions": ["customers.segment"]})",
             .properties = question_properties(),
             .required = {"measures"},
             .head = {{"connectionId", text_schema("")},
                      {"dialect", text_schema("")},
                      {"timezone", text_schema("")},
                      {"trust", trust_schema()}},
             .parts = {{"warnings", warning_list_schema()},
                       {"notes", list_schema(text_schema(""), "")},
                       {"sql", text_schema("")},
                       {"explanation", text_schema("")}},
             .answer = [&engine = table.engine()](CallSession& session, Call&, const Json& arguments) {
               return explain(session, engine, arguments);
             }});
}

}  // namespace ktx::mcp
