#include "runtime_prune.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/check/prune.hpp"
#include "ktx/output/progress.hpp"
#include "ktx/output/runtime_view.hpp"

namespace ktx::cli {

void setup_runtime_prune(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimePruneOptions>();
  CLI::App* command =
      parent.add_subcommand("prune", "Remove stale managed Python runtimes for older CLI versions");
  command->add_flag("--dry-run", options->dry_run, "List stale runtimes without deleting them");
  command->add_flag("--yes", options->yes, "Confirm deletion of stale runtime directories");
  command->add_flag("--json", options->json, "Print JSON output");
  command->add_flag("--verbose", options->verbose, "Print each step to stderr, without a terminal too");
  add_examples(*command, {{"ktx runtime prune --dry-run", "List the runtimes of other versions of ktx"},
                          {"ktx runtime prune --yes", "Remove them"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_prune(*options, context); };
  });
}

int run_runtime_prune(const RuntimePruneOptions& options, const Context& context) {
  if (!options.dry_run && !options.yes) {
    context.terminal.err("Refusing to prune without --yes. Preview with: ktx runtime prune --dry-run\n");
    return 1;
  }
  const runtime::Layout layout = app::runtime_layout(context.environment);
  Progress progress(context.terminal,
                    progress_style(context.terminal, context.environment, {context.quiet, options.verbose},
                                   ProgressStyle::silent));
  const auto notice = [&](const std::string& text) { progress.notice(text); };
  const auto show = [&](const std::string& step) { progress.show({.step = step}); };
  const auto result = runtime::prune(layout, options.dry_run, notice, show);
  progress.clear();
  context.terminal.out(options.json ? prune_json(result) : prune_text(result, options.dry_run));
  return 0;
}

}  // namespace ktx::cli
