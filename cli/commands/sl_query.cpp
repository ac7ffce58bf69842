#include "commands/sl_query.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ktx/database/executor.hpp"
#include "ktx/semantic/dialect.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"
#include "lazy_transport.hpp"
#include "open_project.hpp"
#include "output/query_view.hpp"
#include "output/result_output.hpp"
#include "pager.hpp"
#include "plan_cache.hpp"
#include "query_planning.hpp"
#include "suspect_expression.hpp"
#include "time_checks.hpp"

namespace ktx::cli {
namespace {

/// The connection as ktx.yaml has it; one that only has a folder of sources stands without a driver.
project::Connection find_connection(const project::Project& project, const std::string& id) {
  if (const project::Connection* connection = project.config.find_connection(id)) return *connection;
  if (!project::has_source_directory(project.directory, id)) {
    throw project::unknown_connection(project.config, id);
  }
  project::Connection connection;
  connection.id = id;
  return connection;
}

struct Dialect {
  std::string name;
  std::vector<semantic::Warning> warnings;  ///< when it had to be guessed
};

Dialect choose_dialect(const project::Connection& connection) {
  const std::string driver = connection.driver.value_or("");
  if (auto dialect = semantic::dialect_of_driver(driver)) return {*std::move(dialect), {}};
  const std::string fault =
      driver.empty() ? "the connection " + connection.id + " names no driver"
                     : "the driver \"" + driver + "\" of the connection " + connection.id + " is not known";
  return {semantic::default_dialect,
          {{"unknown-driver", "warning", fault + "; SQL is written for PostgreSQL", ""}}};
}

/// Runs the SQL; a refusal names the expression of the question or the model that it may be about.
database::Result run_compiled(database::Executor& executor, const semantic::CompiledQuery& compiled,
                              const semantic::Query& query, std::optional<std::int64_t> max_rows) {
  try {
    return executor.execute(
        compiled.sql,
        {.max_rows = max_rows, .interrupted = {}, .timezone = compiled.timezone, .compiled = true});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::database) throw;
    throw with_suspect(error, query, compiled);
  }
}

Execution execute(database::Executor& executor, const project::Connection& connection,
                  const SlQueryOptions& options, const semantic::CompiledQuery& compiled) {
  Execution execution;
  execution.driver = connection.driver.value_or("");
  execution.max_rows = options.max_rows ? options.max_rows : options.query.limit;
  const auto start = std::chrono::steady_clock::now();
  execution.result = run_compiled(executor, compiled, options.query, execution.max_rows);
  execution.duration =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  if (execution.result.columns.size() != compiled.columns.size()) {
    throw Error(ErrorKind::internal, "The planner announced " + std::to_string(compiled.columns.size()) +
                                         " columns and the database gave " +
                                         std::to_string(execution.result.columns.size()));
  }
  return execution;
}

/// A result that is as long as it may be was perhaps cut; the user is told which bound it met.
void warn_of_cut_rows(const Execution& execution, semantic::CompiledQuery& compiled) {
  const Json& plan = compiled.plan;
  const auto planned = plan.find("limit");
  std::optional<std::int64_t> limit;
  if (planned != plan.end() && planned->is_number_integer()) limit = planned->get<std::int64_t>();
  const auto cap = execution.max_rows;
  const bool capped = cap && (!limit || *cap < *limit);
  const auto bound = capped ? cap : limit;
  const auto count = static_cast<std::int64_t>(execution.result.rows.size());
  if (!bound || count < *bound) return;
  const std::string option = capped ? "--max-rows" : "--limit";
  compiled.warnings.push_back({"row-limit", "warning",
                               "the result has as many rows as it may have, " + std::to_string(count) +
                                   "; there may be more (raise " + option + ")",
                               ""});
}

void write_answer(const Context& context, const SlQueryOptions& options, const QueryAnswer& answer,
                  LazyTransport& python) {
  const ScopedSpan span("render");
  const bool no_pager = options.output.no_pager;
  const bool is_sql = options.output.format == sql_format;
  const auto json = [&] { return render_query_json(answer); };
  if (answer.execution && !is_sql) {
    write_rows(context, options.output,
               {.rows = {answer.compiled.columns, answer.execution->result},
                .duration = answer.execution->duration,
                .dimensions = options.query.dimensions.size(),
                .json = json,
                .python = python.source()});
  } else if (!is_sql && result_format(options.output, context.terminal) == ResultFormat::json) {
    show_text(context, json(), no_pager);
  } else if (answer.compiled.explanation) {
    show_text(context, render_explanation(*answer.compiled.explanation, context.terminal.out_limit()),
              no_pager);
  } else {
    show_text(context, answer.compiled.sql + "\n", no_pager);
  }
}

}  // namespace

int run_sl_query(const Context& context, const SlQueryOptions& options, const TransportFactory& connect) {
  const project::Project project = open_project(context);
  const std::string id = project::choose_connection(project.config, options.connection_id);
  const project::Connection connection = find_connection(project, id);
  const Dialect dialect = choose_dialect(connection);
  const auto kept = open_plan_cache(context);
  const semantic::PlanCache* cache = kept ? &*kept : nullptr;
  QueryPlanning planning(cache, {context, project, id, store_of(cache)},
                         {options.query, dialect.name, connection.timezone, options.explain});
  auto compiled = planning.recall();
  if (!compiled && !planning.prepare()) return exit_code(ErrorKind::model);
  // A connection that cannot be run on is found before the planner is started.
  std::unique_ptr<database::Executor> executor;
  const bool is_sql = options.output.format == sql_format;
  const bool executes = options.execute && !is_sql;
  LazyTransport python(connect, options.python, executes ? connection.driver.value_or("") : "");
  if (executes) {
    executor = database::open_executor(connection, context.environment, project.directory, python.source());
  }
  // At once, for it may be why the planner then refuses the query.
  const Style& style = context.terminal.err_style();
  context.terminal.err(render_warnings(dialect.warnings, style));
  if (!compiled) compiled = planning.compile(python.get());
  // What reads the JSON need not read stderr.
  const bool is_json = !is_sql && result_format(options.output, context.terminal) == ResultFormat::json;
  if (is_json) {
    compiled->warnings.insert(compiled->warnings.begin(), dialect.warnings.begin(), dialect.warnings.end());
  }
  QueryAnswer answer{id, *std::move(compiled), {}};
  if (executor) {
    refuse_unreadable_times(*executor, answer.compiled);
    answer.execution = execute(*executor, connection, options, answer.compiled);
    warn_of_unreadable_times(*executor, answer.compiled);
    warn_of_cut_rows(*answer.execution, answer.compiled);
  }
  write_answer(context, options, answer, python);
  if (!is_json) context.terminal.err(render_warnings(answer.compiled.warnings, style));
  return 0;
}

}  // namespace ktx::cli
