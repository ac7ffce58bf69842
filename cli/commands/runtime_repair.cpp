#include "runtime_repair.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/output/runtime_view.hpp"
#include "package_places.hpp"

namespace ktx::cli {

void setup_runtime_repair(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeRepairOptions>();
  CLI::App* command =
      parent.add_subcommand("repair", "Check the whole runtime and install it anew when anything is wrong");
  command->add_flag("--offline", options->offline,
                    "Use no network: only what uv has in its cache, or the folders of --find-links");
  add_find_links_option(*command, options->find_links);
  command->add_flag("--verbose", options->verbose, "Print each step on a line of its own");
  command->add_flag("--json", options->json, "Print JSON output");
  command->add_flag("--yes", options->yes, "Accepted; this command never asks");
  command->add_flag("--no-input", options->no_input, "Accepted; this command never asks");
  add_examples(*command,
               {{"ktx runtime repair", "Check everything, and install anew what is wrong"},
                {"ktx runtime repair --offline --find-links ./wheels", "Repair from wheels in a folder"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_repair(*options, context); };
  });
}

int run_runtime_repair(const RuntimeRepairOptions& options, const Context& context) {
  const runtime::Layout layout = app::runtime_layout(context.environment);
  const runtime::InstallRequest request{
      .features = {},
      .thorough = true,
      .offline = options.offline,
      .python = {},
      .find_links = package_places(options.find_links, context.environment)};
  Progress progress(context.terminal,
                    progress_style(context.terminal, context.environment, {context.quiet, options.verbose},
                                   ProgressStyle::silent));
  const auto result = app::install_runtime(context, request, progress);
  context.terminal.out(options.json ? repair_json(result, layout) : repair_text(result, layout));
  return 0;
}

}  // namespace ktx::cli
