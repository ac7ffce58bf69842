#include "runtime/daemon.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "ktx/app/daemon.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/output/daemon_view.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

struct RuntimeStartOptions {
  std::vector<std::string> features = {"core"};
  app::DaemonRequest request;
  bool foreground = false;
  bool json = false;
  app::InstallConsent install;
};

struct RuntimeStopOptions {
  bool json = false;
};

constexpr std::int64_t longest_idle_seconds = 365LL * 24 * 60 * 60;

// Adds the options that `ktx runtime start` and the process that it starts have in common.
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

app::DaemonRequest daemon_request(const RuntimeStartOptions& options) {
  app::DaemonRequest request = options.request;
  for (const std::string& name : options.features) {
    request.features.push_back(runtime::feature_from_name(name));
  }
  return request;
}

// Starts the daemon, or serves in this process. Returns the exit code.
int run_runtime_start(const RuntimeStartOptions& options, Context& context) {
  const runtime::Layout layout = app::runtime_layout(context.environment);
  const app::DaemonRequest request = daemon_request(options);
  // In the foreground it is called while the daemon serves, elsewhere after the start.
  const auto say_started = [&](const daemon::State& state, bool existing) {
    context.terminal.out(options.json ? started_json(state, layout, existing)
                                      : started_text(state, existing));
  };
  if (options.foreground) {
    return app::serve_in_foreground(context, request, options.install,
                                    [&](const daemon::State& state) { say_started(state, false); });
  }
  app::ensure_runtime(context, request.features, options.install);  // the daemon holds it in use itself
  const daemon::StartResult result = app::start_daemon(context, request);
  say_started(result.host.state(), result.existing);
  return 0;
}

// Stops the daemon, if one runs. Returns the exit code.
int run_runtime_stop(const RuntimeStopOptions& options, const Context& context) {
  const auto result = app::stop_daemon(context);
  context.terminal.out(options.json ? stopped_json(result) : stopped_text(result));
  return 0;
}

}  // namespace

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

void setup_serve(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeStartOptions>();
  CLI::App* command = parent.add_subcommand("__serve", "Serve for the process that started this one");
  command->group("");  // hidden
  add_daemon_request_options(*command, *options);
  command->callback([options, &context] {
    context.command = [options, &context] {
      return app::serve_in_background(context, daemon_request(*options));
    };
  });
}

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

}  // namespace ktx::cli
