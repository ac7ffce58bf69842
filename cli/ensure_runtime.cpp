#include "ensure_runtime.hpp"

#include "ktx/runtime/install_policy.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"
#include "managed_install.hpp"
#include "output/output_mode.hpp"
#include "output/progress.hpp"
#include "prompt.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

runtime::InstallPolicy install_policy(const Context& context, const InstallPolicyOptions& options) {
  return {.yes = options.yes,
          .no_input = options.no_input,
          .terminals = context.terminal.in_is_terminal() && context.terminal.err_is_terminal(),
          .ci = runs_in_ci(context.environment)};
}

/// Whether the install is agreed to; throws when it may not even be asked for.
bool is_agreed(const runtime::InstallDecision& decision, const Terminal& terminal) {
  if (decision.action == runtime::InstallAction::refuse) return false;
  for (const std::string& question : decision.questions) {
    if (!confirm(terminal, question)) return false;
  }
  return true;
}

bool is_damaged(const runtime::Status& status) {
  return status.kind == runtime::StatusKind::broken || status.kind == runtime::StatusKind::mismatched;
}

}  // namespace

void add_install_policy_options(CLI::App& command, InstallPolicyOptions& options) {
  command.add_flag("--yes", options.yes, "Install the Python runtime without asking when it is needed");
  command.add_flag("--no-input", options.no_input, "Never ask; fail when the Python runtime is not ready");
}

void install_by_policy(const Context& context, const runtime::Layout& layout, const runtime::Status& status,
                       const runtime::Features& features, const InstallPolicyOptions& options) {
  const auto decision = runtime::decide_install(status, features, install_policy(context, options), layout);
  if (!is_agreed(decision, context.terminal)) throw runtime::refusal(status, features);
  if (is_damaged(status)) {
    context.note("The KTX Python runtime cannot be used and is repaired: " + status.detail + "\n");
  }
  const runtime::InstallRequest request{.features = features, .python = {}};
  context.note("Installing KTX Python runtime (" + runtime::join_names(runtime::normalize(features)) +
               ") with uv\n");
  Progress progress(context.terminal, progress_style(context, false, ProgressStyle::plain));
  managed_install(context, layout, request, progress);
  context.note("KTX Python runtime ready: " + layout.version_dir.string() + "\n");
}

ReadyRuntime ensure_runtime(const Context& context, const runtime::Features& features,
                            const InstallPolicyOptions& options) {
  const ScopedSpan span("ensure runtime");
  const runtime::Layout layout = runtime::make_layout(context.environment, version);
  runtime::InUse in_use = runtime::hold_in_use(layout);
  runtime::Status status = runtime::runtime_status(layout);
  if (!runtime::is_ready(status, features)) {
    in_use.reset();  // so that the install may remove what it replaces
    install_by_policy(context, layout, status, features, options);
    in_use = runtime::hold_in_use(layout);
    status = runtime::runtime_status(layout);
    if (!runtime::is_ready(status, features)) throw runtime::refusal(status, features);
  }
  return {*std::move(status.receipt), std::move(in_use)};
}

}  // namespace ktx::cli
