#include "managed_daemon.hpp"

#include <utility>

#include "version.hpp"

namespace ktx::cli {
namespace {

std::vector<std::string> serve_command(const Context& context, const DaemonRequest& request,
                                       const daemon::Needs& needs) {
  std::vector<std::string> words = {
      context.environment.executable.string(), "__serve",     "--idle-timeout",
      std::to_string(request.idle_seconds),    "--log-level", request.log_level};
  for (const runtime::Feature feature : needs.features) {
    words.insert(words.end(), {"--feature", std::string(runtime::name(feature))});
  }
  if (needs.code_execution) words.emplace_back("--enable-code-execution");
  return words;
}

}  // namespace

daemon::Needs daemon_needs(const runtime::Layout& layout, const DaemonRequest& request) {
  return {.version = version,
          .receipt = daemon::receipt_digest(layout),
          .features = runtime::normalize(request.features),
          .code_execution = request.code_execution};
}

daemon::StartResult start_daemon(const Context& context, const runtime::Layout& layout,
                                 const DaemonRequest& request) {
  return daemon::start_host(
      layout, {.needs = daemon_needs(layout, request),
               .replace = request.replace,
               .command = [&](const daemon::Needs& needs) { return serve_command(context, request, needs); },
               .environment = context.environment.variables,
               .notice = [&](const std::string& text) { context.note(text + "\n"); }});
}

}  // namespace ktx::cli
