#include "commands/serve.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <optional>
#include <utility>

#include "ensure_runtime.hpp"
#include "ktx/daemon/serve.hpp"
#include "ktx/plugin/plugin.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/detached.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "output/daemon_view.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

class PluginServer : public daemon::Server {
 public:
  PluginServer(const runtime::Interpreter& interpreter, const runtime::Layout& layout)
      : plugin_(plugin::Plugin::start(interpreter, layout.plugin_dir)) {}

  std::string prepare(std::string_view configuration) override {
    return plugin_.call("serve-prepare", configuration);
  }
  std::string serve(std::string_view configuration) override { return plugin_.serve(configuration); }

 private:
  plugin::Plugin& plugin_;
};

daemon::ServeRequest serve_request(const Context& context, const runtime::Layout& layout,
                                   const DaemonRequest& request) {
  daemon::ServeRequest serve;
  serve.has = daemon_needs(layout, request);
  if (request.idle_seconds > 0) serve.idle_seconds = request.idle_seconds;
  serve.log_level = request.log_level;
  serve.started_at = format_timestamp(context.environment.now());
  return serve;
}

/// The runtime that is installed, as it is: the starter has seen to it.
ReadyRuntime installed_runtime(const Context& context, const runtime::Features& features) {
  return ensure_runtime(context, features, {.yes = false, .no_input = true});
}

/// The daemon outlives terminals, and holds no folder that somebody may want to unmount.
void settle_in_background() {
  close_inherited_descriptors();
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  if (::chdir("/") != 0) throw Error(ErrorKind::io, "Cannot enter /");
}

bool starter_waits() {
  pollfd starter{.fd = starter_descriptor, .events = 0, .revents = 0};
  return ::poll(&starter, 1, 0) <= 0 || (starter.revents & (POLLERR | POLLNVAL)) == 0;
}

void tell_starter(const Error& error) {
  const std::string message =
      compact_json({{"message", error.message()}, {"fix", error.fix()}, {"details", error.details()}});
  [[maybe_unused]] const ssize_t count = ::write(starter_descriptor, message.data(), message.size());
}

int exit_code_of_signal(int number) { return number == 0 ? 0 : 128 + number; }

int serve_in_background(Context& context, const DaemonRequest& request) {
  settle_in_background();
  try {
    const runtime::Layout layout = runtime::make_layout(context.environment, version);
    ReadyRuntime runtime = installed_runtime(context, request.features);
    context.runtime_in_use = std::move(runtime.in_use);
    daemon::ServeRequest serve = serve_request(context, layout, request);
    serve.on_ready = [](const daemon::State&) { ::close(starter_descriptor); };
    serve.is_wanted = starter_waits;
    PluginServer server(runtime.receipt.interpreter, layout);
    return exit_code_of_signal(daemon::serve_host(layout, serve, server));
  } catch (const Error& error) {
    tell_starter(error);
    throw;
  }
}

}  // namespace

void setup_serve(CLI::App& parent, Context& context) {
  auto options = std::make_shared<RuntimeStartOptions>();
  CLI::App* command = parent.add_subcommand("__serve", "Serve for the process that started this one");
  command->group("");  // hidden
  add_daemon_request_options(*command, *options);
  command->callback([options, &context] {
    context.command = [options, &context] {
      DaemonRequest request = options->request;
      for (const std::string& name : options->features) {
        request.features.push_back(runtime::feature_from_name(name));
      }
      return serve_in_background(context, request);
    };
  });
}

int serve_in_foreground(Context& context, const DaemonRequest& request, const RuntimeStartOptions& options) {
  const runtime::Layout layout = runtime::make_layout(context.environment, version);
  ReadyRuntime runtime = ensure_runtime(context, request.features, options.install);
  context.runtime_in_use = std::move(runtime.in_use);
  const auto notice = [&](const std::string& text) { context.note(text + "\n"); };
  std::optional<FileLock> place =
      daemon::take_place(layout, daemon_needs(layout, request), request.replace, notice);
  daemon::ServeRequest serve = serve_request(context, layout, request);
  serve.on_ready = [&](const daemon::State& state) {
    place.reset();  // who waited finds this host
    context.terminal.out(options.json ? started_json(state, layout, false) : started_text(state, false));
  };
  PluginServer server(runtime.receipt.interpreter, layout);
  return exit_code_of_signal(daemon::serve_host(layout, serve, server));
}

}  // namespace ktx::cli
