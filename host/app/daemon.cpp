#include "ktx/app/daemon.hpp"

#include <unistd.h>

#include <optional>
#include <utility>

#include "ktx/app/runtime_session.hpp"
#include "ktx/app/version.hpp"
#include "ktx/daemon/serve.hpp"
#include "ktx/plugin/plugin.hpp"
#include "ktx/util/detached.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/process.hpp"

namespace ktx::app {
namespace {

std::vector<std::string> serve_command(const Session& session, const DaemonRequest& request,
                                       const daemon::Needs& needs) {
  std::vector<std::string> words = {
      session.environment.executable.string(), "__serve",     "--idle-timeout",
      std::to_string(request.idle_seconds),    "--log-level", request.log_level};
  for (const runtime::Feature feature : needs.features) {
    words.insert(words.end(), {"--feature", std::string(runtime::name(feature))});
  }
  if (needs.code_execution) words.emplace_back("--enable-code-execution");
  return words;
}

class PluginServer : public daemon::Server {
 public:
  PluginServer(const runtime::Interpreter& interpreter, const runtime::Layout& layout)
      : plugin_(plugin::Plugin::start(interpreter, layout.plugin_dir)) {
    use_one_heap();
  }

  std::string prepare(std::string_view configuration) override {
    return plugin_.call("serve-prepare", configuration);
  }
  std::string serve(std::string_view configuration) override { return plugin_.serve(configuration); }

 private:
  plugin::Plugin& plugin_;
};

daemon::ServeRequest serve_request(const Session& session, const runtime::Layout& layout,
                                   const DaemonRequest& request) {
  daemon::ServeRequest serve;
  serve.has = daemon_needs(layout, request);
  if (request.idle_seconds > 0) serve.idle_seconds = request.idle_seconds;
  serve.log_level = request.log_level;
  serve.started_at = format_timestamp(session.environment.now());
  return serve;
}

// The installed runtime, which is never installed here: the parent has made it ready, and nobody can be
// asked.
ReadyRuntime installed_runtime(const Session& session, const runtime::Features& features) {
  return ensure_runtime(session, features, {.yes = false, .no_input = true});
}

// 128 plus the signal, as a shell reports it.
int exit_code_of_signal(int number) { return number == 0 ? 0 : 128 + number; }

}  // namespace

daemon::Needs daemon_needs(const runtime::Layout& layout, const DaemonRequest& request) {
  return {.version = version,
          .receipt = daemon::receipt_digest(layout),
          .features = runtime::normalize(request.features),
          .code_execution = request.code_execution};
}

daemon::StartResult start_daemon(const Session& session, const DaemonRequest& request) {
  const runtime::Layout layout = runtime_layout(session.environment);
  return daemon::start_host(
      layout, {.needs = daemon_needs(layout, request),
               .replace = request.replace,
               .command = [&](const daemon::Needs& needs) { return serve_command(session, request, needs); },
               .environment = session.environment.variables,
               .notice = [&](const std::string& text) { session.note(text); }});
}

daemon::StopResult stop_daemon(const Session& session) {
  return daemon::stop_host(runtime_layout(session.environment),
                           [&](const std::string& text) { session.note(text); });
}

int serve_in_foreground(Session& session, const DaemonRequest& request, const InstallConsent& consent,
                        const std::function<void(const daemon::State&)>& on_ready) {
  const runtime::Layout layout = runtime_layout(session.environment);
  ReadyRuntime runtime = ensure_runtime(session, request.features, consent);
  session.runtime_in_use = std::move(runtime.in_use);
  const auto notice = [&](const std::string& text) { session.note(text); };
  std::optional<FileLock> place =
      daemon::take_place(layout, daemon_needs(layout, request), request.replace, notice);
  daemon::ServeRequest serve = serve_request(session, layout, request);
  serve.on_ready = [&](const daemon::State& state) {
    place.reset();  // processes that waited for the lock now find this daemon
    on_ready(state);
  };
  PluginServer server(runtime.receipt.interpreter, layout);
  return exit_code_of_signal(daemon::serve_host(layout, serve, server));
}

int serve_in_background(Session& session, const DaemonRequest& request) {
  settle_in_background();
  try {
    const runtime::Layout layout = runtime_layout(session.environment);
    ReadyRuntime runtime = installed_runtime(session, request.features);
    session.runtime_in_use = std::move(runtime.in_use);
    daemon::ServeRequest serve = serve_request(session, layout, request);
    // End of file without a message tells the parent that the start succeeded.
    serve.on_ready = [](const daemon::State&) { ::close(starter_descriptor); };
    serve.is_wanted = starter_waits;
    PluginServer server(runtime.receipt.interpreter, layout);
    return exit_code_of_signal(daemon::serve_host(layout, serve, server));
  } catch (const Error& error) {
    // The parent reports it to the user. Thrown on for the exit code.
    tell_starter(with_loader_fix(error, session.environment));
    throw;
  }
}

}  // namespace ktx::app
