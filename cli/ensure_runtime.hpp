#pragma once

#include <CLI/App.hpp>

#include "context.hpp"
#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/in_use.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/runtime/status.hpp"

namespace ktx::cli {

/// Adds `--yes` and `--no-input` to a command that may install the runtime.
void add_install_policy_options(CLI::App& command, InstallPolicyOptions& options);

/// A managed runtime that can be loaded. Keep it for as long as Python runs: `in_use` keeps other processes
/// from removing the environment.
struct ReadyRuntime {
  runtime::Receipt receipt;
  runtime::InUse in_use;
};

/// The managed runtime with `features`, ready to be loaded. When it is missing, broken or of another wheel
/// it is installed by the policy: at once with `--yes`, after a question on a terminal, never otherwise.
/// Questions and progress go to stderr.
///
/// Without an install this looks at a few files and starts no process. Throws `runtime_missing` or
/// `runtime_broken` with the command that prepares the runtime, or the error of the install.
ReadyRuntime ensure_runtime(const Context& context, const runtime::Features& features,
                            const InstallPolicyOptions& options);

/// The install by the policy alone, for a runtime in the state `status` that is not ready. Says first what
/// was wrong with one that had been installed. Nobody in this process may hold it in use.
void install_by_policy(const Context& context, const runtime::Layout& layout, const runtime::Status& status,
                       const runtime::Features& features, const InstallPolicyOptions& options);

}  // namespace ktx::cli
