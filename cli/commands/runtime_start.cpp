#include "commands/runtime_start.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "commands/serve.hpp"
#include "commands/whole_number.hpp"
#include "daemon_options.hpp"
#include "ensure_runtime.hpp"
#include "examples.hpp"
#include "output/daemon_view.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

constexpr std::int64_t longest_idle_seconds = 365LL * 24 * 60 * 60;

}  // namespace

void add_daemon_request_options(CLI::App& command, RuntimeStartOptions& options) {
  command.add_option("--feature", options.features, "Runtime feature level; may be given more than once")
      ->type_name("FEATURE")
      ->check(CLI::IsMember(runtime::feature_names()))
      ->allow_extra_args(false)
      ->capture_default_str();
  command
      .add_option("--idle-timeout", options.request.idle_seconds,
                  "Seconds without a request after which it ends; 0: never")
      ->transform(whole_number(0, longest_idle_seconds))
      ->capture_default_str();
  command.add_option("--log-level", options.request.log_level, "How much it writes to its log")
      ->check(CLI::IsMember({"critical", "error", "warning", "info", "debug"}))
      ->capture_default_str();
  command.add_flag("--enable-code-execution", options.request.code_execution,
                   "Let clients run Python code, in a process of its own with limits");
}

void setup_runtime_start(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeStartOptions>();
  CLI::App* command =
      parent.add_subcommand("start", "Start the KTX Python daemon, which keeps Python loaded");
  add_daemon_request_options(*command, *options);
  command->add_flag("--force", options->request.replace, "Replace one that runs already");
  command->add_flag("--foreground", options->foreground,
                    "Serve in this process until it is stopped, for service managers");
  command->add_flag("--json", options->json, "Print JSON output");
  add_install_policy_options(*command, options->install);
  add_examples(*command, {{"ktx runtime start", "Keep Python loaded, for fast queries"},
                          {"ktx runtime start --idle-timeout 0", "Keep it until ktx runtime stop"},
                          {"ktx runtime start --foreground", "Serve in this process, as a service"}});
  command->callback([options, &context] {
    check_install_policy(options->install);
    context.command = [options, &context] { return run_runtime_start(*options, context); };
  });
}

int run_runtime_start(const RuntimeStartOptions& options, Context& context) {
  const runtime::Layout layout = runtime::make_layout(context.environment, version);
  DaemonRequest request = options.request;
  for (const std::string& name : options.features)
    request.features.push_back(runtime::feature_from_name(name));
  if (options.foreground) return serve_in_foreground(context, request, options);
  {
    // The daemon takes the runtime into use itself.
    const ReadyRuntime runtime = ensure_runtime(context, request.features, options.install);
  }
  const daemon::StartResult result = start_daemon(context, layout, request);
  const daemon::State& state = result.host.state();
  context.terminal.out(options.json ? started_json(state, layout, result.existing)
                                    : started_text(state, result.existing));
  return 0;
}

}  // namespace ktx::cli
