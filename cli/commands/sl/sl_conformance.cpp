#include "sl/sl_conformance.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ktx/app/conformance.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/conformance_view.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

constexpr std::int64_t most_jobs = 16;
constexpr std::int64_t most_statement_seconds = 3600;

struct SlConformanceOptions {
  std::optional<std::string> connection_id;
  std::vector<std::string> only;
  std::optional<std::string> format;
  bool json = false;
  std::int64_t jobs = 1;
  std::int64_t timeout = 30;
  app::PythonNeeds python;
};

app::ConformanceRequest request_of(const SlConformanceOptions& options) {
  return {.connection_id = options.connection_id,
          .only = options.only,
          .jobs = static_cast<std::size_t>(options.jobs),
          .time_limit = std::chrono::seconds(options.timeout)};
}

void write(const Context& context, const app::ConformanceReport& report, const std::string& format) {
  if (format == "json") {
    context.terminal.out(context.worded(render_conformance_json(report)));
  } else if (format == "markdown") {
    context.terminal.out(context.worded(render_conformance_markdown(report)));
  } else {
    context.terminal.out(context.worded(render_conformance_text(report)));
  }
}

// Asks the questions and writes the report to stdout, at its end and whole, also when a signal or the
// database ended it early: the exit code then is that of the interruption, or of the error.
int run_sl_conformance(Context& context, const SlConformanceOptions& options) {
  const project::Project project = app::open_project(context);
  app::ConformanceRun run(context, project, request_of(options), options.python);
  run.prepare();
  if (const auto cost = run.cost()) context.note(*cost);
  const app::ConformanceReport report = run.run();
  write(context, report, options.format.value_or(options.json ? "json" : "text"));
  if (report.stopped) {
    if (report.stopped->kind() != ErrorKind::interrupted) throw Error(*report.stopped);
    context.terminal.err("Interrupted: " + std::to_string(report.not_asked) + " questions were not asked\n");
    return interrupt_exit_code();
  }
  return report.count(semantic::Verdict::wrong) == 0 ? 0 : exit_code(ErrorKind::database);
}

void check(const SlConformanceOptions& options) {
  if (options.connection_id) app::check_connection_id(*options.connection_id);
  if (options.json && options.format && options.format != "json") {
    throw app::usage_error("Choose only one of --json and --format " + *options.format);
  }
  check_install_policy(options.python.install);
}

}  // namespace

void setup_sl_conformance(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<SlConformanceOptions>();
  CLI::App& command = *parent.add_subcommand(
      "conformance", "Ask a database questions with known answers, and say which are right");
  command
      .add_option("--connection-id", options->connection_id,
                  "The connection (default: the only one of ktx.yaml)")
      ->type_name("ID");
  command
      .add_option("--only", options->only,
                  "Only these features, as joins,times; repeatable (default: all, as the output lists them)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("FEATURES");
  command.add_option("--format", options->format, "text, json or markdown (default: text)")
      ->check(CLI::IsMember({"text", "json", "markdown"}));
  command.add_flag("--json", options->json, "The same as --format json");
  command.add_option("--jobs", options->jobs, "At most so many statements at the same time (default: 1)")
      ->transform(whole_number(1, most_jobs));
  command.add_option("--timeout", options->timeout, "How many seconds one statement may take (default: 30)")
      ->transform(whole_number(1, most_statement_seconds));
  add_python_options(command, options->python);
  add_examples(command, {{"ktx sl conformance --connection-id warehouse",
                          "Ask everything, and list what is not right"},
                         {"ktx sl conformance --only joins,zones", "Ask about two features"},
                         {"ktx sl conformance --format markdown", "Write the row of the table of engines"}});
  command.callback([options, &context] {
    check(*options);
    context.command = [options, &context] { return run_sl_conformance(context, *options); };
  });
}

}  // namespace ktx::cli
