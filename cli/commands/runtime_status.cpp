#include "runtime_status.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/output/runtime_view.hpp"
#include "ktx/runtime/status.hpp"

namespace ktx::cli {

void setup_runtime_status(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeStatusOptions>();
  CLI::App* command = parent.add_subcommand("status", "Show managed Python runtime status");
  command->add_flag("--json", options->json, "Print JSON output");
  add_examples(*command, {{"ktx runtime status", "Show what is installed and whether the daemon runs"},
                          {"ktx runtime status --json", "The same, for a program"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_status(*options, context); };
  });
}

int run_runtime_status(const RuntimeStatusOptions& options, const Context& context) {
  const runtime::Layout layout = app::runtime_layout(context.environment);
  const runtime::Status status = runtime::runtime_status(layout);
  context.terminal.out(options.json ? status_json(status, layout) : status_text(status, layout));
  return 0;
}

}  // namespace ktx::cli
