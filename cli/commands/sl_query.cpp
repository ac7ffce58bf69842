#include "sl_query.hpp"

#include <utility>

#include "ktx/app/project_access.hpp"
#include "ktx/output/query_view.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::cli {
namespace {

/// A result that is as long as it may be was perhaps cut; the user is told which bound it met.
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
    screen.show(answer.compiled.sql + "\n");
  }
}

}  // namespace

int run_sl_query(Context& context, const SlQueryOptions& options) {
  const project::Project project = app::open_project(context);
  const bool is_sql = options.output.format == sql_format;
  app::QueryRequest question = options.question;
  question.execute = question.execute && !is_sql;
  app::QueryRun run(context, project, std::move(question), options.python);
  if (!run.prepare()) return exit_code(ErrorKind::model);
  const Style& style = context.terminal.err_style();
  context.terminal.err(render_warnings(run.guesses(), style));
  app::QueryAnswer answer = run.answer();
  // What reads the JSON need not read stderr.
  const bool is_json = !is_sql && result_format(options.output, context.terminal) == ResultFormat::json;
  auto& warnings = answer.compiled.warnings;
  if (is_json) warnings.insert(warnings.begin(), run.guesses().begin(), run.guesses().end());
  warn_of_cut_rows(answer);
  write_answer(context, options, answer, run.python());
  if (!is_json) context.terminal.err(render_warnings(warnings, style));
  return 0;
}

}  // namespace ktx::cli
