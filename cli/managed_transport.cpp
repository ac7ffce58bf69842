#include "managed_transport.hpp"

#include <utility>

#include "ktx/plugin/in_process_transport.hpp"
#include "ktx/runtime/layout.hpp"
#include "version.hpp"

namespace ktx::cli {

std::unique_ptr<semantic::Transport> connect_managed_runtime(Context& context,
                                                             const InstallPolicyOptions& options,
                                                             const runtime::Features& features) {
  context.runtime_features = features;
  ReadyRuntime runtime = ensure_runtime(context, context.runtime_features, options);
  context.runtime_policy = options;
  context.runtime_in_use = std::move(runtime.in_use);
  return std::make_unique<plugin::InProcessTransport>(
      std::move(runtime.receipt.interpreter), runtime::make_layout(context.environment, version).plugin_dir);
}

}  // namespace ktx::cli
