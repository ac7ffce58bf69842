#include "setup_status.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "examples.hpp"
#include "ktx/app/project_access.hpp"
#include "ktx/util/json.hpp"
#include "setup/progress.hpp"

namespace ktx::cli {
namespace {

Json progress_json(const project::Project& project, const std::vector<SetupStep>& steps) {
  Json json = {{"project", {{"path", project.directory.string()}, {"name", project.config.project}}},
               {"steps", Json::array()}};
  for (const SetupStep& step : steps) {
    json["steps"].push_back({{"id", step.id}, {"done", step.done}, {"detail", step.detail}});
  }
  return json;
}

}  // namespace

void setup_setup_status(CLI::App& parent, Context& context) {
  const auto json = std::make_shared<bool>(false);
  CLI::App& command = *parent.add_subcommand("status", "Show which steps of setup are done");
  add_examples(command, {{"ktx setup status", "Show what is set up, and what is not"}});
  command.add_flag("--json", *json, "Print JSON output");
  command.callback(
      [json, &context] { context.command = [json, &context] { return run_setup_status(context, *json); }; });
}

int run_setup_status(const Context& context, bool json) {
  const project::Project project = app::open_project(context);
  const auto steps = setup_progress(project);
  context.terminal.out(json ? pretty_json(progress_json(project, steps))
                            : "The ktx project in " + project.directory.string() + "\n" +
                                  render_setup_progress(steps));
  return 0;
}

}  // namespace ktx::cli
