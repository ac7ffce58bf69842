#include "setup.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <string>

#include "context.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/project/project.hpp"
#include "ktx/terminal/prompter.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/filesystem.hpp"
#include "options.hpp"
#include "setup/agents_command.hpp"
#include "setup/demo.hpp"
#include "setup/model_steps.hpp"
#include "setup/options.hpp"
#include "setup/run.hpp"
#include "status.hpp"

namespace ktx::cli {
namespace {

struct SetupDemoOptions {
  std::string folder = "ktx-demo";
  bool force = false;
};

// Each command fits into 80 columns where it begins with "ktx", so that it can be read and copied.
std::string things_to_try(const Context& context, const std::filesystem::path& folder) {
  std::string text = "Try:\n" + change_to(context, folder);
  if (!app::is_runtime_ready(context.environment, {runtime::Feature::core})) {
    text += line_to_copy({"ktx", "runtime", "install", "--yes"});
  }
  return text + line_to_copy({"ktx", "sl", "list"}) +
         line_to_copy({"ktx", "sl", "query", "--measure", "orders.order_count", "--dimension", "regions.name",
                       "--execute"}) +
         line_to_copy({"ktx", "sl", "query", "--measure", "returns.refunds", "--dimension", "categories.name",
                       "--explain"}) +
         line_to_copy({"ktx", "sl", "search", "refunds"});
}

// `ktx setup demo`: makes the demo shop in a folder, and says what to try there.
int run_setup_demo(const Context& context, const SetupDemoOptions& options) {
  auto folder = (context.environment.directory / options.folder).lexically_normal();
  // "shop/" and "shop" are the same folder.
  if (!folder.has_filename()) folder = folder.parent_path();
  const auto assets = demo_assets(context.environment.executable);
  const DemoResult result = make_demo(assets, folder, options.force);
  const std::string what =
      result.made.empty() ? "The demo shop is there already, in " : "Made the demo shop in ";
  const auto columns = context.terminal.out_limit();
  context.terminal.out(
      broken_between_words(
          what + folder.string() + "\n" +
              "Nine sources and three wiki pages about a small outdoor retailer, in SQLite\n",
          columns) +
      commands_to_copy(context.worded(things_to_try(context, folder), folder), columns));
  return 0;
}

void setup_setup_demo(CLI::App& parent, Context& context) {
  const auto options = std::make_shared<SetupDemoOptions>();
  CLI::App& command =
      *parent.add_subcommand("demo", "Make the demo shop, a project with a database to try ktx on");
  add_examples(command, {{"ktx setup demo", "Make it in the folder ktx-demo"},
                         {"ktx setup demo /tmp/shop", "Make it somewhere else"},
                         {"ktx setup demo --force", "Make its files again, as they were"}});
  command.add_option("folder", options->folder, "Where to make it (default: ktx-demo)")->type_name("FOLDER");
  command.add_flag("--force", options->force, "Make the demo's own files again");
  command.callback([options, &context] {
    if (options->folder.empty()) throw app::usage_error("The folder of the demo is empty");
    context.command = [options, &context] { return run_setup_demo(context, *options); };
  });
}

void setup_setup_agents(CLI::App& parent, Context& context, const std::shared_ptr<SetupOptions>& setup) {
  const auto options = std::make_shared<AgentsOptions>();
  CLI::App& command =
      *parent.add_subcommand("agents", "Let agents know of ktx and start it: instructions and an MCP entry");
  add_examples(command, {{"ktx setup agents --target cursor", "Show what changes, ask, and write it"},
                         {"ktx setup agents --target cursor --dry-run", "Only show it"},
                         {"ktx setup agents --target claude-desktop --yes", "Write it without asking"},
                         {"ktx setup agents --target codex --scope user", "For all of your projects"},
                         {"ktx setup agents --remove", "Take everything out again"}});
  add_agents_options(command, *options);
  command.callback([options, setup, &context] {
    if (options->global && options->scope == "project") {
      throw app::usage_error("Choose only one of --scope project and --global");
    }
    context.command = [options, setup, &context] { return run_setup_agents(context, *options, *setup); };
  });
}

}  // namespace

bool starts_setup(const CLI::App& app, const Context& context) {
  // stdout counts too: `ktx | less` should show the help.
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
                         {"ktx setup agents --target cursor", "Let one start ktx too"},
                         {"ktx setup demo", "Make the demo shop in ktx-demo"}});
  const auto options = add_setup_options(command);
  setup_setup_status(command, context);
  setup_setup_demo(command, context);
  setup_setup_agents(command, context, options);
  command.callback([&command, options, &context] {
    // `ktx setup demo` runs this callback as well.
    if (!command.get_subcommands().empty()) return;
    check_setup_options(*options);
    context.command = [options, &context] { return run_setup(context, *options); };
  });
}

}  // namespace ktx::cli
