#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/app/python_access.hpp"
#include "ktx/app/query_planning.hpp"
#include "ktx/app/session.hpp"
#include "ktx/database/executor.hpp"
#include "ktx/database/open_executor.hpp"
#include "ktx/project/project.hpp"
#include "ktx/semantic/messages.hpp"

namespace ktx::app {

/// A question about the semantic layer, and what is wanted of the answer.
struct QueryRequest {
  std::optional<std::string> connection_id;  ///< the project's only one when absent
  semantic::Query query;
  bool execute = false;
  bool explain = false;
  std::optional<std::int64_t> max_rows;  ///< to be read; the query's own limit when absent
};

/// A bound on rows that a result has met, so that there may be more of them.
enum class RowBound : std::uint8_t {
  limit,     ///< the query's, or the planner's own
  max_rows,  ///< of what is read
};

/// The rows of a query that was run.
struct Execution {
  std::string driver;
  std::optional<std::int64_t> max_rows;
  std::chrono::milliseconds duration{};
  database::Result result;
  std::optional<RowBound> met = std::nullopt;
};

/// The answer to a question about the semantic layer.
struct QueryAnswer {
  std::string connection_id;
  semantic::CompiledQuery compiled;
  std::optional<Execution> execution;  ///< nothing when the query was only compiled
};

/// One question, from the project's files to its rows: its SQL is found among what was kept or planned anew,
/// and run where that is wanted.
class QueryRun {
 public:
  /// `python` says how Python may be had. `session` and `project` must outlive this. Throws a `connection`
  /// error when the connection is not known.
  QueryRun(Session& session, const project::Project& project, QueryRequest request, PythonNeeds python);
  QueryRun(const QueryRun&) = delete;
  QueryRun& operator=(const QueryRun&) = delete;
  ~QueryRun() = default;

  /// Looks for the SQL among what was kept, else sees to it that there are sources to ask about, and opens
  /// the database: a connection that cannot be run on is found before the planner is started. False when the
  /// sources are wrong; what is wrong with them is reported then. Throws a `model` error when there are none,
  /// and what `database::open_executor` does.
  bool prepare();

  /// What was guessed because the connection does not say it. To be shown before `answer`: it may be why the
  /// planner refuses the query.
  const std::vector<semantic::Warning>& guesses() const { return guesses_; }

  /// Plans, if that was not done before, and runs. Throws the planner's and the database's errors; the latter
  /// name the expression that they may be about, where there is only one. Values that cannot be read as times
  /// are a `model` error where the answer would be wrong, and a warning where they have a group of their own.
  QueryAnswer answer();

  /// For what else is to be done with the rows.
  PythonAccess& python() { return python_; }

 private:
  std::string choose_dialect();
  Execution execute(const semantic::CompiledQuery& compiled);
  database::Result run(const semantic::CompiledQuery& compiled, std::optional<std::int64_t> max_rows);

  Session& session_;
  const project::Project& project_;
  QueryRequest request_;
  project::Connection connection_;
  std::vector<semantic::Warning> guesses_;
  std::optional<semantic::PlanCache> cache_;
  QueryPlanning planning_;
  PythonAccess python_;
  std::optional<semantic::CompiledQuery> compiled_;
  std::unique_ptr<database::Executor> executor_;
};

/// The error of a database that refused a compiled query, whose fix begins with the one expression of the
/// question or of its measures that has a name or a value in it which the database speaks of. As it is when
/// that is true of none, or of several.
Error with_suspect(const Error& error, const semantic::Query& query, const semantic::CompiledQuery& compiled);

/// The answer to a statement that somebody wrote.
struct SqlAnswer {
  std::string connection_id;
  std::string dialect;
  database::Result result;
  std::chrono::milliseconds duration{};  ///< that the database took
};

/// One statement that somebody wrote, on one connection.
class SqlRun {
 public:
  /// Opens the database. Throws what `database::check_driver` and `database::open_executor` do, and a
  /// `connection` error when the connection is not known. `session` must outlive this.
  SqlRun(Session& session, const project::Project& project, const std::optional<std::string>& connection_id,
         PythonNeeds python);

  /// Runs the statement and reads at most `max_rows`. Throws a `database` error unless the parser of the
  /// dialect proves that it only reads, and the database's errors.
  SqlAnswer run(const std::string& sql, std::int64_t max_rows);

  /// For what else is to be done with the rows.
  PythonAccess& python() { return python_; }

 private:
  std::string connection_id_;
  std::string dialect_;
  PythonAccess python_;
  std::unique_ptr<database::Executor> executor_;
};

}  // namespace ktx::app
