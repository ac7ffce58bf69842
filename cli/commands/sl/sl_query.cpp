#include "sl/sl_query.hpp"

#include <utility>

#include "ktx/app/output_columns.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/query_run.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/query_view.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"
#include "options.hpp"
#include "sl/query_file.hpp"
#include "sl/question_options.hpp"

namespace ktx::cli {
namespace {

// The format that only this command has: writes the SQL and runs nothing.
constexpr const char* sql_format = "sql";

struct SlQueryOptions {
  app::QueryRequest question;
  bool no_parts = false;
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

// A table on a terminal has only what was asked for; a program gets all columns unless it says otherwise.
bool leaves_out_parts(const SlQueryOptions& options, const Terminal& terminal) {
  return options.no_parts ||
         (terminal.out_is_terminal() && result_format(options.output, terminal) == ResultFormat::table);
}

void write_answer(const Context& context, const SlQueryOptions& options, const app::QueryAnswer& answer,
                  app::PythonAccess& python) {
  const ScopedSpan span("render");
  const Screen screen = context.screen(options.output.no_pager);
  const bool is_sql = options.output.format == sql_format;
  const auto json = [&] { return render_query_json(answer); };
  if (answer.execution && !is_sql) {
    write_rows(screen, result_format(options.output, context.terminal), result_chart(options.output),
               {.rows = {semantic::names_of(answer.compiled.columns), answer.execution->result},
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
  QuestionArguments question;
  ResultOutputOptions output;
  bool execute = false;
  bool explain = false;
  bool no_parts = false;
  std::optional<std::int64_t> max_rows;
  app::PythonNeeds python;
};

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
  command.add_flag("--no-parts", arguments.no_parts,
                   "With --execute: leave out the measures that are shown only because a derived measure is "
                   "made of them (a table on a terminal always does)");
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
  if (arguments.no_parts) throw app::usage_error("--no-parts needs --execute");
}

void check(const Arguments& arguments, const CLI::App& command, const Terminal& terminal) {
  check_question(arguments.question, command);
  check_install_policy(arguments.python.install);
  if (arguments.explain) check_explain(arguments);
  if (!arguments.execute) check_compile_only(arguments);
  check_result_output(arguments.output, terminal);
}

SlQueryOptions read(const Arguments& arguments) {
  SlQueryOptions options;
  app::QueryRequest& question = options.question;
  question.connection_id = arguments.question.connection_id;
  question.query = read_question(arguments.question);
  options.no_parts = arguments.no_parts;
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
  if (answer.execution && !is_sql && leaves_out_parts(options, context.terminal)) {
    app::leave_out_parts(answer.compiled.columns, answer.execution->result);
  }
  write_answer(context, options, answer, run.python());
  if (!is_json) context.terminal.err(render_warnings(warnings, style));
  return 0;
}

}  // namespace

void setup_sl_query(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      *parent.add_subcommand("query", "Compile a semantic query to SQL, and run it if asked to");
  add_question_options(command, arguments->question);
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
    context.command = [options = read(*arguments), file = arguments->question.query_file,
                       &context]() mutable {
      // Read only now: parsing the command line must not wait for stdin.
      if (file) options.question.query = read_query_file(*file, context);
      return run_sl_query(context, options);
    };
  });
}

}  // namespace ktx::cli
