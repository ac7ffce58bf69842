#include "setup.hpp"

#include <memory>
#include <utility>

#include "examples.hpp"
#include "ktx/project/project.hpp"
#include "ktx/terminal/prompter.hpp"
#include "ktx/util/filesystem.hpp"
#include "setup/options.hpp"
#include "setup/run.hpp"
#include "setup_demo.hpp"
#include "setup_status.hpp"

namespace ktx::cli {

bool starts_setup(const CLI::App& app, const Context& context) {
  if (!app.get_subcommands().empty() || !context.terminal.out_is_terminal() || !context.can_confirm())
    return false;
  const auto directory = project::find_project_directory(context.project_directory, context.environment);
  return !path_exists(directory / "ktx.yaml");
}

int run_bare_setup(Context& context) { return run_setup(context, {}); }

void setup_setup(CLI::App& parent, Context& context) {
  CLI::App& command =
      *parent.add_subcommand("setup", "Set up a project: its database, first sources, search and agents");
  command.require_subcommand(0, 1);
  command.fallthrough();
  add_examples(command, {{"ktx setup", "Ask for what is missing; go on where it stopped"},
                         {"ktx setup --new --no-input --database sqlite --database-url shop.db",
                          "The same without questions"},
                         {"ktx setup --agents --target claude-code", "Tell an agent how to use ktx here"},
                         {"ktx setup demo", "Make the demo shop in ktx-demo"}});
  const auto options = add_setup_options(command);
  setup_setup_status(command, context);
  setup_setup_demo(command, context);
  command.callback([&command, options, &context] {
    if (!command.get_subcommands().empty()) return;
    check_setup_options(*options);
    context.command = [options, &context] { return run_setup(context, *options); };
  });
}

}  // namespace ktx::cli
