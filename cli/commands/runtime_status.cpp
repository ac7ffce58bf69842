#include "commands/runtime_status.hpp"

#include <memory>

#include "ktx/runtime/status.hpp"
#include "output/status_view.hpp"
#include "version.hpp"

namespace ktx::cli {

void setup_runtime_status(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeStatusOptions>();
  CLI::App* command = parent.add_subcommand("status", "Show managed Python runtime status");
  command->add_flag("--json", options->json, "Print JSON output");
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_status(*options, context); };
  });
}

int run_runtime_status(const RuntimeStatusOptions& options, const Context& context) {
  const runtime::Layout layout = runtime::make_layout(context.environment, version);
  const runtime::Status status = runtime::runtime_status(layout);
  context.terminal.out(options.json ? status_json(status, layout) : status_text(status, layout));
  return 0;
}

}  // namespace ktx::cli
