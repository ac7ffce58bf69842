#include "ktx/app/verify_run.hpp"

#include <utility>

#include "ktx/app/project_access.hpp"
#include "ktx/app/query_run.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/semantic/driver.hpp"
#include "ktx/util/error.hpp"

namespace ktx::app {
namespace {

// The dialect of a connection that can be asked.
std::string dialect_of(const project::Connection& connection) {
  database::check_driver(connection);
  return semantic::dialect_of_driver(connection.driver.value_or("")).value_or(semantic::default_dialect);
}

// What a statement gave, as the operation takes it.
Json encode(const std::string& name, const database::Result& result) {
  Json kinds = Json::array();
  for (std::size_t i = 0; i < result.columns.size(); ++i) {
    const auto type = i < result.types.size() ? result.types[i] : database::ColumnType::unknown;
    kinds.push_back(database::type_name(type));
  }
  Json rows = Json::array();
  for (const auto& row : result.rows) {
    Json& cells = rows.emplace_back(Json::array());
    for (const database::Value& value : row) cells.push_back(database::tagged_cell(value));
  }
  return {{"name", name},
          {"kinds", std::move(kinds)},
          {"rows", std::move(rows)},
          {"truncated", result.truncated}};
}

}  // namespace

VerifyRun::VerifyRun(Session& session, const project::Project& project, VerifyRequest request,
                     PythonNeeds python)
    : session_(session),
      project_(project),
      request_(std::move(request)),
      connection_(find_connection(project, request_.connection_id)),
      dialect_(dialect_of(connection_)),
      sources_(session, project, connection_.id, nullptr),
      python_(session, with_driver(std::move(python), connection_, true)) {}

bool VerifyRun::prepare() {
  if (!sources_.read()) return false;
  executor_ =
      database::open_executor(connection_, session_.environment, project_.directory, python_.source());
  return true;
}

VerifyAnswer VerifyRun::answer() {
  const auto start = std::chrono::steady_clock::now();
  // What the runtime has to say comes before the line of who waits.
  python_.get();
  const std::unique_ptr<Waiting> waiting = session_.wait_for_database();
  Json results = Json::array();
  semantic::VerifyStep next = step(results);
  while (!next.verdict) {
    for (const auto& statement : next.statements) results.push_back(run(statement, next.timezone));
    next = step(results);
  }
  const auto duration = std::chrono::steady_clock::now() - start;
  return {connection_.id, dialect_, *std::move(next.verdict),
          std::chrono::duration_cast<std::chrono::milliseconds>(duration)};
}

semantic::VerifyStep VerifyRun::step(const Json& results) {
  const semantic::Model model([this] { return sources_.tree().sources_json(); });
  const semantic::QueryRequest query{model, request_.query,       dialect_,
                                     false, connection_.timezone, connection_.calendar};
  const std::string reply = semantic::ask(
      python_.get(),
      semantic::question_of(semantic::VerifyRequest{query, request_.rows, request_.seconds, results}));
  return semantic::decode_verify_reply(reply, [this](const std::string& source, const Json& path) {
    return sources_.tree().place(source, path);
  });
}

Json VerifyRun::run(const semantic::VerifyStatement& statement, const std::string& timezone) {
  return encode(statement.name, executor_->execute(statement.sql, {.max_rows = statement.max_rows,
                                                                   .interrupted = {},
                                                                   .timezone = timezone,
                                                                   .compiled = true}));
}

std::vector<database::Value> values_of(const Json& cells) {
  Json columns = Json::array();
  for (std::size_t i = 0; i < cells.size(); ++i) columns.push_back({{"name", ""}, {"type", "unknown"}});
  Json rows = Json::array();
  rows.push_back(cells);
  return database::decode_result(
             {{"columns", std::move(columns)}, {"rows", std::move(rows)}, {"truncated", false}})
      .rows.at(0);
}

}  // namespace ktx::app
