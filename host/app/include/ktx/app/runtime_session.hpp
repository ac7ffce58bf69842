#pragma once

#include <string>
#include <vector>

#include "ktx/app/session.hpp"
#include "ktx/check/doctor.hpp"
#include "ktx/check/verification.hpp"
#include "ktx/install/install.hpp"
#include "ktx/runtime/environment_link.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/runtime/status.hpp"

namespace ktx::app {

/// Where everything of this program's managed runtime is.
runtime::Layout runtime_layout(const Environment& environment);

/// The state of the managed runtime, by a look at a few files; `missing` where there is no home for one.
runtime::Status runtime_state(const Environment& environment);

/// Whether the managed runtime has these features and can be used. Throws where there is no home for one.
bool is_runtime_ready(const Environment& environment, const runtime::Features& features);

/// What of the runtime is needed to reach databases of these drivers; `core` for none, and for those that
/// need no Python or are not known.
runtime::Features features_of_drivers(const std::vector<std::string>& drivers);

/// A managed runtime that can be loaded. Keep it for as long as Python runs: `in_use` keeps other processes
/// from removing the environment.
struct ReadyRuntime {
  runtime::Receipt receipt;
  runtime::InUse in_use;
};

/// The managed runtime with `features`, ready to be loaded. When it is missing, broken or of another wheel
/// it is installed by the policy: at once where that is agreed to, after a question to a person, never
/// otherwise.
///
/// Without an install this looks at a few files and starts no process. Throws `runtime_missing` or
/// `runtime_broken` with the command that prepares the runtime, or the error of the install.
ReadyRuntime ensure_runtime(const Session& session, const runtime::Features& features,
                            const InstallConsent& consent);

/// Installs the managed runtime, whoever agreed to that, with real processes; a child of this same program
/// verifies the new environment.
runtime::InstallResult install_runtime(const Session& session, const runtime::InstallRequest& request,
                                       InstallObserver& observer);

/// Compares everything of the runtime with what was shipped and installed, and starts its interpreter.
runtime::Verification verify_runtime(const Session& session);

/// Checks everything that a query needs.
runtime::DoctorReport examine_runtime(const Session& session);

/// A damaged file shows only when Python reads it. To be called with the error that a command ended in: if
/// the command had loaded the managed runtime, if such an error can come from damage, and if a look at every
/// file finds some, then the runtime is installed anew, by the consent that the command had, and the command
/// is started again in this process's place. Otherwise this returns, and the error stands. Nothing but
/// remarks may have been written before.
///
/// Throws `runtime_broken` with the damage and the command that mends it when it may not install, and what an
/// install throws. A command is started again once only.
void repair_after(const Error& error, const Session& session);

}  // namespace ktx::app
