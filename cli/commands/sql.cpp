#include "sql.hpp"

#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "ktx/app/cell.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/query_run.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/connection_view.hpp"
#include "ktx/output/output_mode.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

constexpr std::int64_t default_rows = 1000;
constexpr std::int64_t most_rows_shown = 10000;

struct SqlOptions {
  std::optional<std::string> sql;
  std::optional<std::string> file;
  std::optional<std::string> connection_id;
  std::int64_t max_rows = default_rows;
  std::optional<std::string> mode;  ///< --output
  bool json = false;
  bool plain = false;  ///< set by `choose_sql_format`
  ResultOutputOptions output;
  app::PythonNeeds python;
};

// The statement: the argument, else the file, else stdin.
std::string read_statement(const Context& context, const SqlOptions& options) {
  std::string sql;
  if (options.sql) {
    sql = *options.sql;
  } else if (options.file && *options.file != "-") {
    sql = read_file(context.environment.directory / *options.file);
  } else {
    sql = read_descriptor(STDIN_FILENO, "standard input");
  }
  if (sql.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw Error(ErrorKind::usage, "There is no SQL to run",
                "Write it as an argument, or with --file or on stdin");
  }
  return sql;
}

void write_sql_answer(const Context& context, const SqlOptions& options, const app::SqlAnswer& answer,
                      app::PythonAccess& python) {
  if (options.plain) {
    context.terminal.out(render_sql_plain(answer));
  } else {
    write_rows(context.screen(options.output.no_pager), result_format(options.output, context.terminal),
               result_chart(options.output),
               {.rows = {answer.result.columns, answer.result},
                .duration = answer.duration,
                .dimensions = std::nullopt,
                .json = [&] { return render_sql_json(answer); },
                .python = python.source()});
  }
  for (const std::size_t column : answer.result.not_utf8) {
    context.warn("warning: " + app::not_utf8_text(answer.result.columns.at(column)));
  }
  // Not a note: --quiet must not hide that rows are missing.
  if (!answer.result.truncated) return;
  context.terminal.err("There are more rows than the " + std::to_string(answer.result.rows.size()) +
                       " shown (raise --max-rows, at most " + std::to_string(most_rows_shown) + ")\n");
}

int run_sql(Context& context, const SqlOptions& options) {
  const project::Project project = app::open_project(context);
  app::SqlRun run(context, project, options.connection_id, options.python);
  const app::SqlAnswer answer = run.run(read_statement(context, options), options.max_rows);
  write_sql_answer(context, options, answer, run.python());
  return 0;
}

// --json, --output and --format mean the same thing in three ways; KTX_OUTPUT counts if none of them is
// given.
void choose_sql_format(SqlOptions& options, const Context& context) {
  if ((options.json || options.mode) && options.output.format) {
    throw app::usage_error("Choose only one of --format, --output and --json");
  }
  const bool is_asked = options.json || options.mode || context.environment.variable("KTX_OUTPUT");
  if (!is_asked || options.output.format) return;
  const OutputMode mode =
      choose_output_mode(options.json, options.mode, context.environment, context.terminal.out_is_terminal());
  options.plain = mode == OutputMode::plain;
  options.output.format = mode == OutputMode::json ? "json" : "table";
}

void check_sql(SqlOptions& options, const Context& context) {
  if (options.connection_id) app::check_connection_id(*options.connection_id);
  if (options.sql && options.file)
    throw app::usage_error("Write the SQL as an argument or with --file, not both");
  // Without this ktx would wait for input that nobody knows is wanted.
  if (!options.sql && !options.file && context.terminal.in_is_terminal()) {
    throw app::usage_error("sql requires a statement: as an argument, with --file, or on stdin");
  }
  check_install_policy(options.python.install);
  choose_sql_format(options, context);
  if (!options.plain) check_result_output(options.output, context.terminal);
}

}  // namespace

void setup_sql(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<SqlOptions>();
  CLI::App& command = *parent.add_subcommand("sql", "Run one read-only SQL statement on a connection");
  command.add_option("sql", options->sql, "The statement (default: --file, then stdin)");
  command.add_option("-c,--connection-id", options->connection_id,
                     "The connection (default: the only one of ktx.yaml)");
  command.add_option("--file", options->file, "The file that holds the statement; - is stdin");
  command.add_option("--max-rows", options->max_rows, "Read at most so many rows (default: 1000)")
      ->transform(whole_number(1, most_rows_shown));
  add_result_output_options(command, options->output);
  command.add_option("--output", options->mode, "pretty (a table), plain (tabs) or json");
  command.add_flag("--json", options->json, "The same as --format json");
  add_python_options(command, options->python);
  add_examples(command,
               {{"ktx sql \"select count(*) from orders\"", "Ask the only connection of the project"},
                {"ktx sql -c warehouse --file report.sql --format csv", "Run a file, as CSV"}});
  command.callback([options, &context] {
    check_sql(*options, context);
    context.command = [options, &context] { return run_sql(context, *options); };
  });
}

}  // namespace ktx::cli
