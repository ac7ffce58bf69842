#include "status.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>

#include "ktx/app/project_access.hpp"
#include "ktx/app/project_status.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/output/project_status_view.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/subprocess.hpp"
#include "options.hpp"
#include "setup/session.hpp"

namespace ktx::cli {
namespace {

struct StatusOptions {
  bool json = false;
  bool fast = false;      ///< do not read the semantic layer
  bool agents = false;    ///< start what agents start
  bool validate = false;  ///< list findings in the files of the project; they decide the exit code
  bool verbose = false;
};

Json progress_json(const project::Project& project, const std::vector<SetupStep>& steps) {
  Json json = {{"project", {{"path", project.directory.string()}, {"name", project.config.project}}},
               {"steps", Json::array()}};
  for (const SetupStep& step : steps) {
    json["steps"].push_back({{"id", step.id}, {"done", step.done}, {"detail", step.detail}});
  }
  return json;
}

// Starts what the agents start, and adds the answers. A signal ends what was started first.
void ask_agents(const Context& context, app::ProjectStatus& status) {
  constexpr std::chrono::seconds limit{15};
  const InterruptGuard guard;
  ProcessRunner runner;
  app::ask_agents(status.agents, status.path, context.environment, runner, limit);
}

// Writes which parts of the project are set up. A missing project is shown, too; it is only an error with
// `validate`.
int run_status(const Context& context, const StatusOptions& options) {
  app::ProjectStatus status = app::project_status(context, options.fast);
  if (options.agents) ask_agents(context, status);
  const StatusDetail detail{context.terminal.out_is_terminal() || options.verbose, options.verbose,
                            options.agents, options.fast};
  if (options.json) {
    context.terminal.out(pretty_json(project_status_json(status, options.fast)));
  } else {
    context.tell(render_project_status(status, detail));
  }
  if (!status.exists()) context.note("There is no ktx.yaml here; ktx setup makes a project");
  const bool fails = std::ranges::any_of(status.agents, [](const auto& agent) { return !agent.ready(); });
  if (options.agents && fails) return exit_code(ErrorKind::io);
  // Showing the state succeeded, whatever the state is.
  if (!options.validate) return 0;
  const bool sound = app::report_findings(context, status.context.findings);
  return sound && status.exists() ? 0 : exit_code(ErrorKind::project);
}

// Writes which steps of setup are done (`ktx setup status`).
int run_setup_status(const Context& context, bool json) {
  const project::Project project = app::open_project(context);
  const auto steps = setup_progress(project, context.environment.home);
  context.terminal.out(json ? pretty_json(progress_json(project, steps))
                            : "The ktx project in " + project.directory.string() + "\n" +
                                  render_setup_progress(steps));
  return 0;
}

}  // namespace

void setup_status(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App& command = *parent.add_subcommand("status", "Show what of the project is set up");
  command.add_flag("--json", options->json, "Print JSON output");
  command.add_flag("--fast", options->fast, "Do not read the semantic layer");
  command.add_flag("--agents", options->agents,
                   "Start what each agent starts, and say whether it answers; exit code 1 when one does not");
  command.add_flag("--validate", options->validate,
                   "List what is wrong with the project's files too; exit code 1 when there is an error");
  command.add_flag("-v,--verbose", options->verbose, "Say what is missing, for each connection and agent");
  add_examples(command, {{"ktx status", "Show what is set up, and what is not"},
                         {"ktx status --agents", "Start what agents start, and see whether it answers"},
                         {"ktx status --validate", "Look for errors in the project's files too"}});
  command.callback([options, &context] {
    if (options->fast && options->validate)
      throw app::usage_error("Choose only one of --fast and --validate");
    context.command = [options, &context] { return run_status(context, *options); };
  });
}

void setup_setup_status(CLI::App& parent, Context& context) {
  const auto json = std::make_shared<bool>(false);
  CLI::App& command = *parent.add_subcommand("status", "Show which steps of setup are done");
  add_examples(command, {{"ktx setup status", "Show what is set up, and what is not"}});
  command.add_flag("--json", *json, "Print JSON output");
  command.callback(
      [json, &context] { context.command = [json, &context] { return run_setup_status(context, *json); }; });
}

}  // namespace ktx::cli
