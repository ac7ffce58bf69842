#include "sl/sl_verify.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "ktx/app/project_access.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/app/verify_run.hpp"
#include "ktx/output/verdict_view.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/random.hpp"
#include "options.hpp"
#include "sl/query_file.hpp"
#include "sl/question_options.hpp"

namespace ktx::cli {
namespace {

using VerifyOutcome = semantic::VerifyVerdict::Outcome;

// Of a question that cannot be checked: neither right nor wrong.
constexpr int exit_unchecked = 3;
constexpr std::int64_t most_rows = 1'000'000;
constexpr std::int64_t most_seconds = 3'600;
// It holds rows of the user's.
constexpr mode_t report_mode = 0600;

struct SlVerifyOptions {
  app::VerifyRequest request;
  std::optional<std::string> report;
  bool json = false;
  app::PythonNeeds python;
};

// The options as typed.
struct VerifyArguments {
  QuestionArguments question;
  SlVerifyOptions options;
  std::string format = "text";
  bool json = false;
};

// A file that nobody else has, in the folder for temporary files.
std::filesystem::path report_file(const SlVerifyOptions& options, const Context& context) {
  if (options.report) return context.environment.directory / *options.report;
  const std::string folder = context.environment.variable("TMPDIR").value_or("/tmp");
  return std::filesystem::path(folder) / ("ktx-verify-" + random_id() + ".json");
}

std::optional<std::filesystem::path> write_report(const Context& context, const SlVerifyOptions& options,
                                                  const app::VerifyAnswer& answer) {
  if (answer.verdict.outcome != VerifyOutcome::different) return std::nullopt;
  std::filesystem::path file = report_file(options, context);
  write_file_atomically(file, render_verdict_report(answer, options.request.query), report_mode);
  return file;
}

int exit_code_of(VerifyOutcome outcome) {
  switch (outcome) {
    case VerifyOutcome::equal: return 0;
    case VerifyOutcome::different: return 1;
    case VerifyOutcome::unchecked: break;
  }
  return exit_unchecked;
}

// Writes the verdict to stdout; the exit code says it too.
int run_sl_verify(Context& context, const SlVerifyOptions& options) {
  const project::Project project = app::open_project(context);
  app::VerifyRun run(context, project, options.request, options.python);
  // What is wrong was reported already.
  if (!run.prepare()) return exit_code(ErrorKind::model);
  const app::VerifyAnswer answer = run.answer();
  const auto report = write_report(context, options, answer);
  context.terminal.out(options.json ? render_verdict_json(answer, report) : render_verdict(answer, report));
  return exit_code_of(answer.verdict.outcome);
}

void add_verify_options(CLI::App& command, VerifyArguments& arguments) {
  command
      .add_option(
          "--rows", arguments.options.request.rows,
          "Read at most so many rows of a source; of a larger one a sample by its key (default: 10000)")
      ->transform(whole_number(1, most_rows));
  command
      .add_option("--timeout", arguments.options.request.seconds,
                  "Walk over the rows for at most so many seconds (default: 30)")
      ->transform(whole_number(1, most_seconds));
  command
      .add_option("--report", arguments.options.report,
                  "Where to write the report of a difference (default: a file in $TMPDIR, else in /tmp); it "
                  "holds rows of your data")
      ->type_name("FILE");
  command.add_option("--format", arguments.format, "text or json (default: text)")
      ->check(CLI::IsMember({"text", "json"}));
  command.add_flag("--json", arguments.json, "The same as --format json");
  add_python_options(command, arguments.options.python);
}

}  // namespace

void setup_sl_verify(CLI::App& parent, Context& context) {
  const auto arguments = std::make_shared<VerifyArguments>();
  CLI::App& command =
      *parent.add_subcommand("verify", "Compare the SQL of a query with a walk over the rows of its sources");
  add_question_options(command, arguments->question);
  add_verify_options(command, *arguments);
  add_examples(command, {{"ktx sl verify --measure orders.revenue --dimension customers.segment",
                          "Read the rows, add them up one by one, and compare"},
                         {"ktx sl verify --measure orders.revenue --rows 500000 --timeout 300",
                          "Read more rows of each source"},
                         {"ktx sl verify --query-file question.json --report difference.json",
                          "Say where the report of a difference goes"}});
  command.callback([arguments, &command, &context] {
    check_question(arguments->question, command);
    check_install_policy(arguments->options.python.install);
    SlVerifyOptions options = arguments->options;
    options.request.connection_id = arguments->question.connection_id;
    options.request.query = read_question(arguments->question);
    options.json = arguments->json || arguments->format == "json";
    context.command = [options = std::move(options), file = arguments->question.query_file,
                       &context]() mutable {
      if (file) options.request.query = read_query_file(*file, context);
      return run_sl_verify(context, options);
    };
  });
}

}  // namespace ktx::cli
