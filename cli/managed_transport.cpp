#include "managed_transport.hpp"

#include <utility>

#include "ensure_runtime.hpp"
#include "ktx/daemon/transport.hpp"
#include "ktx/plugin/in_process_transport.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/error.hpp"
#include "managed_daemon.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

std::unique_ptr<semantic::Transport> load_runtime(Context& context, const InstallPolicyOptions& options,
                                                  const runtime::Features& features) {
  context.runtime_features = features;
  ReadyRuntime runtime = ensure_runtime(context, context.runtime_features, options);
  context.runtime_policy = options;
  context.runtime_in_use = std::move(runtime.in_use);
  return std::make_unique<plugin::InProcessTransport>(
      std::move(runtime.receipt.interpreter), runtime::make_layout(context.environment, version).plugin_dir);
}

std::optional<daemon::RunningHost> start_if_asked(Context& context, const runtime::Layout& layout,
                                                  const PythonOptions& options,
                                                  const DaemonRequest& request) {
  if (options.daemon != DaemonChoice::always) return std::nullopt;
  ensure_runtime(context, request.features, options.install);
  try {
    return start_daemon(context, layout, request).host;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::daemon && error.kind() != ErrorKind::io) throw;
    context.note(error.message() + "\nGoing on without it, in this process\n");
    return std::nullopt;
  }
}

std::optional<daemon::RunningHost> choose_host(Context& context, const PythonOptions& options,
                                               const runtime::Features& features) {
  if (options.daemon == DaemonChoice::never) return std::nullopt;
  const runtime::Layout layout = runtime::make_layout(context.environment, version);
  DaemonRequest request;
  request.features = features;
  if (auto host = daemon::find_host(layout, daemon_needs(layout, request))) return host;
  return start_if_asked(context, layout, options, request);
}

}  // namespace

std::unique_ptr<semantic::Transport> connect_managed_runtime(Context& context, const PythonOptions& options,
                                                             const runtime::Features& features) {
  auto host = choose_host(context, options, features);
  if (!host) return load_runtime(context, options.install, features);
  return std::make_unique<daemon::HostTransport>(
      *std::move(host),
      [&context, install = options.install, features] { return load_runtime(context, install, features); });
}

}  // namespace ktx::cli
