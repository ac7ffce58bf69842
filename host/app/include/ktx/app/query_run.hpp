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

/// The connection of that id in ktx.yaml, or the only one. Throws a `connection` error unless it is there,
/// with a driver that is known.
const project::Connection& known_connection(const project::Project& project,
                                            const std::optional<std::string>& requested);

/// As `known_connection`, whatever its driver. One that has only a folder of sources gets no driver; it can
/// be compiled for. Throws a `connection` error if there is neither.
project::Connection find_connection(const project::Project& project,
                                    const std::optional<std::string>& requested);

/// `needs` with what the driver of the connection needs, if a statement `runs`.
PythonNeeds with_driver(PythonNeeds needs, const project::Connection& connection, bool runs);

/// A query of the semantic layer, and what to do with it.
struct QueryRequest {
  std::optional<std::string> connection_id;  ///< the only one of the project if absent
  semantic::Query query;
  bool execute = false;
  bool explain = false;
  std::optional<std::int64_t> max_rows;  ///< the most rows to read; the limit of the query if absent
};

/// The bound that a result has reached, so that there may be more rows.
enum class RowBound : std::uint8_t {
  limit,     ///< `limit` of the query, or the planner's default
  max_rows,  ///< the most rows to read
};

/// The rows of a query, and how it was run.
struct Execution {
  std::string driver;
  std::optional<std::int64_t> max_rows;
  std::chrono::milliseconds duration{};
  database::Result result;
  std::optional<RowBound> met = std::nullopt;
};

/// The answer to a query.
struct QueryAnswer {
  std::string connection_id;
  semantic::CompiledQuery compiled;
  std::optional<Execution> execution;  ///< std::nullopt if the query was only compiled
};

/// Answers one query: compiles it, or takes its SQL from the cache, and runs that if asked to.
class QueryRun {
 public:
  /// `python` says how Python may be loaded. `session` and `project` must outlive this. Throws a `connection`
  /// error if the connection is not known.
  QueryRun(Session& session, const project::Project& project, QueryRequest request, PythonNeeds python);
  QueryRun(const QueryRun&) = delete;
  QueryRun& operator=(const QueryRun&) = delete;
  ~QueryRun() = default;

  /// Looks for the SQL in the cache, else makes sure that there are sources to query; then opens the
  /// database, so that a connection that cannot be used fails before the planner is started. Returns false if
  /// the sources have errors, after reporting them. Throws a `model` error if there are no sources, and what
  /// `database::open_executor` throws.
  bool prepare();

  /// What had to be guessed because the connection does not say it. Show it before `answer`: it may be the
  /// reason why the planner refuses the query.
  const std::vector<semantic::Warning>& guesses() const { return guesses_; }

  /// Compiles the query unless `prepare` found it in the cache, and runs it. Throws the errors of the planner
  /// and of the database; the latter name the expression that probably caused them, if there is only one
  /// candidate. Values that cannot be read as times are a `model` error if the answer would be wrong, and a
  /// warning if they only form a group of their own.
  QueryAnswer answer();

  /// For further work on the rows, such as writing Parquet.
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

/// The error of a database that refused a compiled query. If exactly one expression, of the query or of its
/// measures, contains a name that the message quotes, the fix begins with that expression; otherwise the
/// error is returned unchanged.
Error with_suspect(const Error& error, const semantic::Query& query, const semantic::CompiledQuery& compiled);

/// The answer to a SQL statement of the user.
struct SqlAnswer {
  std::string connection_id;
  std::string dialect;
  database::Result result;
  std::chrono::milliseconds duration{};  ///< the time that the database took
};

/// Runs a SQL statement of the user on one connection.
class SqlRun {
 public:
  /// Opens the database. `session` must outlive this. Throws what `database::check_driver` and
  /// `database::open_executor` throw, and a `connection` error if the connection is not known.
  SqlRun(Session& session, const project::Project& project, const std::optional<std::string>& connection_id,
         PythonNeeds python);

  /// Runs the statement and reads at most `max_rows`. Throws a `database` error unless the parser of the
  /// dialect proves that the statement only reads, and the errors of the database.
  SqlAnswer run(const std::string& sql, std::int64_t max_rows);

  /// For further work on the rows, such as writing Parquet.
  PythonAccess& python() { return python_; }

 private:
  Session& session_;
  std::string connection_id_;
  std::string dialect_;
  PythonAccess python_;
  std::unique_ptr<database::Executor> executor_;
};

}  // namespace ktx::app
