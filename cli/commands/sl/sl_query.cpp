#include "sl/sl_query.hpp"

#include <utility>

#include "ktx/app/project_access.hpp"
#include "ktx/app/query_run.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/query_view.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"
#include "options.hpp"
#include "sl/query_file.hpp"

namespace ktx::cli {
namespace {

// The format that only this command has: writes the SQL and runs nothing.
constexpr const char* sql_format = "sql";

struct SlQueryOptions {
  app::QueryRequest question;
  ResultOutputOptions output;
  app::PythonNeeds python;
};

// Warns if the result reached a bound on its rows, which may have cut it; says which option raises it.
void warn_of_cut_rows(app::QueryAnswer& answer) {
  if (!answer.execution || !answer.execution->met) return;
  const std::string option = answer.execution->met == app::RowBound::max_rows ? "--max-rows" : "--limit";
  answer.compiled.warnings.push_back({"row-limit", "warning",
                                      "the result has as many rows as it may have, " +
                                          std::to_string(answer.execution->result.rows.size()) +
                                          "; there may be more (raise " + option + ")",
                                      ""});
}

void write_answer(const Context& context, const SlQueryOptions& options, const app::QueryAnswer& answer,
                  app::PythonAccess& python) {
  const ScopedSpan span("render");
  const Screen screen = context.screen(options.output.no_pager);
  const bool is_sql = options.output.format == sql_format;
  const auto json = [&] { return render_query_json(answer); };
  if (answer.execution && !is_sql) {
    write_rows(screen, result_format(options.output, context.terminal), result_chart(options.output),
               {.rows = {answer.compiled.columns, answer.execution->result},
                .duration = answer.execution->duration,
                .dimensions = options.question.query.dimensions.size(),
                .json = json,
                .python = python.source()});
  } else if (!is_sql && result_format(options.output, context.terminal) == ResultFormat::json) {
    screen.show(json());
  } else if (answer.compiled.explanation) {
    screen.show(render_explanation(*answer.compiled.explanation, context.terminal.out_limit()));
  } else {
    // Who reads it from a pipe runs it: there every byte stays.
    const std::string sql = answer.compiled.sql + "\n";
    context.terminal.out_is_terminal() ? screen.show(sql) : screen.show_bytes(sql);
  }
}

// The options as typed.
struct Arguments {
  std::optional<std::string> connection_id;
  std::optional<std::string> query_file;
  std::vector<std::string> measures;
  std::vector<std::string> dimensions;
  std::vector<std::string> filters;
  std::vector<std::string> segments;
  std::vector<std::string> order_by;
  std::vector<std::string> join_paths;
  std::optional<std::int64_t> limit;
  std::optional<bool> include_empty;
  std::optional<std::string> timezone;
  ResultOutputOptions output;
  bool execute = false;
  bool explain = false;
  std::optional<std::int64_t> max_rows;
  app::PythonNeeds python;
};

// An option that may be given several times, with one value each time.
void add_repeatable(CLI::App& command, const std::string& name, std::vector<std::string>& values,
                    const std::string& description, const std::string& value) {
  command.add_option(name, values, description)->allow_extra_args(false)->type_name(value);
}

void add_query_options(CLI::App& command, Arguments& arguments) {
  command
      .add_option("--connection-id", arguments.connection_id,
                  "The connection (default: the only one of ktx.yaml)")
      ->type_name("ID");
  command
      .add_option(
          "--query-file", arguments.query_file,
          "A JSON file with the whole query, in place of the options below: an object with measures and, if "
          "wanted, dimensions, filters, segments, order_by, limit, include_empty, join_path, timezone; - for "
          "stdin")
      ->type_name("FILE");
  add_repeatable(
      command, "--measure", arguments.measures,
      "A measure, as orders.revenue, or an aggregate, as sum(orders.amount); repeatable, at least one",
      "MEASURE");
  add_repeatable(command, "--dimension", arguments.dimensions,
                 "A column to group by, as orders.status, or orders.created_at:month with a granularity; "
                 "repeatable",
                 "DIMENSION");
  add_repeatable(command, "--filter", arguments.filters,
                 "A condition in SQL, as \"orders.amount > 10\"; repeatable", "CONDITION");
  add_repeatable(command, "--segment", arguments.segments, "A segment, as orders.paid; repeatable",
                 "SEGMENT");
  add_repeatable(command, "--order-by", arguments.order_by,
                 "A measure or dimension of the query, with :asc or :desc if wanted; repeatable", "FIELD");
  add_repeatable(command, "--join-path", arguments.join_paths,
                 "The route to take where several are equally short, as orders,customers,regions; repeatable",
                 "SOURCES");
  command
      .add_option("--timezone", arguments.timezone,
                  "Whose days and months are meant, as Europe/Berlin (default: what the sources or the "
                  "connection say, or UTC)")
      ->type_name("ZONE");
  command.add_option("--limit", arguments.limit, "At most so many rows (default: 1000)")
      ->transform(whole_number(0));
  command.add_flag_callback(
      "--include-empty", [&] { arguments.include_empty = true; },
      "Also show dimension values without any rows (default)");
  command.add_flag_callback(
      "--no-include-empty", [&] { arguments.include_empty = false; }, "Leave these out");
}

void add_output_options(CLI::App& command, Arguments& arguments) {
  add_result_output_options(command, arguments.output, {sql_format});
  command.add_flag("--execute", arguments.execute,
                   "Run the query, not only compile it (--format sql never runs it)");
  command.add_flag("--explain", arguments.explain,
                   "Say how the query is answered and why that is right, instead of answering it");
  command
      .add_option("--max-rows", arguments.max_rows,
                  "With --execute: read at most so many rows (default: --limit)")
      ->transform(whole_number(1));
  add_python_options(command, arguments.python);
}

void check_explain(const Arguments& arguments) {
  if (arguments.execute) {
    throw app::usage_error("Choose only one of --explain and --execute: an explanation runs nothing");
  }
  const auto& format = arguments.output.format;
  if (format && format != "table" && format != "json") {
    throw app::usage_error("--explain writes --format table or json, not " + *format);
  }
}

// Refuses, without --execute, the options that need rows.
void check_compile_only(const Arguments& arguments) {
  const auto& format = arguments.output.format;
  if (format == "csv" || format == "markdown" || format == "parquet") {
    throw app::usage_error("--format " + *format + " writes rows, which need --execute");
  }
  if (arguments.output.chart) throw app::usage_error("--chart draws rows, which need --execute");
  if (arguments.max_rows) throw app::usage_error("--max-rows needs --execute");
}

// A query comes from the file or from the command line, not half from each.
void check_query_file(const CLI::App& command) {
  for (const char* option : {"--measure", "--dimension", "--filter", "--segment", "--order-by", "--join-path",
                             "--timezone", "--limit", "--include-empty", "--no-include-empty"}) {
    if (command.count(option) == 0) continue;
    throw app::usage_error("Choose only one of --query-file and " + std::string(option) +
                           ": the file holds the whole query");
  }
}

void check(const Arguments& arguments, const CLI::App& command, const Terminal& terminal) {
  if (arguments.connection_id) app::check_connection_id(*arguments.connection_id);
  if (arguments.query_file) check_query_file(command);
  if (arguments.measures.empty() && !arguments.query_file) {
    throw app::usage_error("sl query requires at least one --measure");
  }
  check_install_policy(arguments.python.install);
  if (command.count("--include-empty") > 0 && command.count("--no-include-empty") > 0) {
    throw app::usage_error("Choose only one of --include-empty and --no-include-empty");
  }
  if (arguments.explain) check_explain(arguments);
  if (!arguments.execute) check_compile_only(arguments);
  check_result_output(arguments.output, terminal);
}

SlQueryOptions read(const Arguments& arguments) {
  SlQueryOptions options;
  app::QueryRequest& question = options.question;
  question.connection_id = arguments.connection_id;
  question.query.measures.assign(arguments.measures.begin(), arguments.measures.end());
  for (const std::string& text : arguments.dimensions)
    question.query.dimensions.push_back(parse_dimension(text));
  question.query.filters = arguments.filters;
  question.query.segments = arguments.segments;
  for (const std::string& text : arguments.order_by) question.query.order_by.push_back(parse_order_by(text));
  for (const std::string& text : arguments.join_paths)
    question.query.join_path.push_back(parse_join_path(text));
  question.query.limit = arguments.limit;
  question.query.include_empty = arguments.include_empty;
  question.query.timezone = arguments.timezone;
  options.output = arguments.output;
  // An explanation is for people, even away from a terminal.
  if (arguments.explain && !options.output.format) options.output.format = "table";
  question.execute = arguments.execute;
  question.explain = arguments.explain;
  question.max_rows = arguments.max_rows;
  options.python = arguments.python;
  return options;
}

// Compiles the query, runs it if asked to, and writes the answer or its explanation to stdout. Warnings go
// to stderr, except that JSON has them itself; with `table` so do the number of rows and the time.
int run_sl_query(Context& context, const SlQueryOptions& options) {
  const project::Project project = app::open_project(context);
  const bool is_sql = options.output.format == sql_format;
  app::QueryRequest question = options.question;
  // --format sql writes SQL, even with --execute.
  question.execute = question.execute && !is_sql;
  app::QueryRun run(context, project, std::move(question), options.python);
  // What is wrong was reported already.
  if (!run.prepare()) return exit_code(ErrorKind::model);
  const Style& style = context.terminal.err_style();
  // Before the planner is asked: a guess may be why it refuses the query.
  context.terminal.err(render_warnings(run.guesses(), style));
  app::QueryAnswer answer = run.answer();
  // JSON has all warnings itself, so that its reader can ignore stderr.
  const bool is_json = !is_sql && result_format(options.output, context.terminal) == ResultFormat::json;
  auto& warnings = answer.compiled.warnings;
  if (is_json) warnings.insert(warnings.begin(), run.guesses().begin(), run.guesses().end());
  warn_of_cut_rows(answer);
  write_answer(context, options, answer, run.python());
  if (!is_json) context.terminal.err(render_warnings(warnings, style));
  return 0;
}

}  // namespace

void setup_sl_query(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      *parent.add_subcommand("query", "Compile a semantic query to SQL, and run it if asked to");
  add_query_options(command, *arguments);
  add_output_options(command, *arguments);
  add_examples(command, {{"ktx sl query --measure orders.revenue --dimension orders.created_at:month",
                          "Compile revenue by month to SQL"},
                         {"ktx sl query --measure orders.revenue --dimension orders.status --execute",
                          "Run it too, read-only"},
                         {"ktx sl query --measure orders.revenue --filter \"orders.amount > 10\" --limit 5",
                          "Count only some rows, and show at most five groups"},
                         {"ktx sl query --measure orders.revenue --dimension customers.segment --explain",
                          "Say how it is answered and why that is right"},
                         {"ktx sl query --query-file question.json", "Ask what a JSON file holds"}});
  command.callback([arguments, &command, &context] {
    check(*arguments, command, context.terminal);
    context.command = [options = read(*arguments), file = arguments->query_file, &context]() mutable {
      // Read only now: parsing the command line must not wait for stdin.
      if (file) options.question.query = read_query_file(*file, context);
      return run_sl_query(context, options);
    };
  });
}

}  // namespace ktx::cli
