#include "runtime_stop.hpp"

#include <memory>

#include "examples.hpp"
#include "ktx/app/daemon.hpp"
#include "ktx/output/daemon_view.hpp"

namespace ktx::cli {

void setup_runtime_stop(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeStopOptions>();
  CLI::App* command = parent.add_subcommand("stop", "Stop the KTX Python daemon");
  command->add_flag("--json", options->json, "Print JSON output");
  add_examples(*command, {{"ktx runtime stop", "End the daemon, if one runs"},
                          {"ktx runtime stop --json", "The same, for a program"}});
  command->callback([options, &context] {
    context.command = [options, &context] { return run_runtime_stop(*options, context); };
  });
}

int run_runtime_stop(const RuntimeStopOptions& options, const Context& context) {
  const auto result = app::stop_daemon(context);
  context.terminal.out(options.json ? stopped_json(result) : stopped_text(result));
  return 0;
}

}  // namespace ktx::cli
