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

/// The paths of the managed runtime of this program.
runtime::Layout runtime_layout(const Environment& environment);

/// The state of the managed runtime, from a look at a few files; `missing` if there is no home directory.
runtime::Status runtime_state(const Environment& environment);

/// Whether the managed runtime is usable and has these features. Throws if there is no home directory for it.
bool is_runtime_ready(const Environment& environment, const runtime::Features& features);

/// The features that the runtime needs for these drivers. `core` if there are none; a driver that is native,
/// or not known, adds nothing.
runtime::Features features_of_drivers(const std::vector<std::string>& drivers);

/// A managed runtime that can be loaded. Keep it while Python runs: `in_use` keeps other processes from
/// removing the environment.
struct ReadyRuntime {
  runtime::Receipt receipt;
  runtime::InUse in_use;
};

/// The managed runtime with `features`, ready to be loaded. If it is missing, broken or made from another
/// wheel, it is installed: at once with `consent.yes`, after a question if a person can be asked, and never
/// otherwise.
///
/// If there is nothing to install, this looks at a few files and starts no process. Throws `runtime_missing`
/// or `runtime_broken` with the command that prepares the runtime, or the error of the install.
ReadyRuntime ensure_runtime(const Session& session, const runtime::Features& features,
                            const InstallConsent& consent);

/// Installs the managed runtime, without asking. A child of this same program verifies the new environment.
runtime::InstallResult install_runtime(const Session& session, const runtime::InstallRequest& request,
                                       InstallObserver& observer);

/// Compares every file of the runtime with what was shipped and installed, and starts its interpreter.
runtime::Verification verify_runtime(const Session& session);

/// Checks everything that a query needs.
runtime::DoctorReport examine_runtime(const Session& session);

/// Repairs the runtime after a command failed with `error`, if damage can be the reason: a damaged file is
/// only noticed when Python reads it. If the command had loaded the managed runtime, the error can come from
/// damage, and a check of every file finds some, the runtime is installed anew with the consent that the
/// command had, and the command is started again in place of this process. Otherwise this returns, and the
/// caller reports `error`.
///
/// The command must have written nothing to stdout before. A command is started again only once. Throws
/// `runtime_broken`, with the damage and the command that repairs it, if it may not install, and what an
/// install throws.
void repair_after(const Error& error, const Session& session);

/// The error with a better fix: where Python or a package does not load and LD_LIBRARY_PATH or LD_PRELOAD is
/// set, a repair would not help.
Error with_loader_fix(const Error& error, const Environment& environment);

}  // namespace ktx::app
