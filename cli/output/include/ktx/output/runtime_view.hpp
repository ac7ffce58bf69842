#pragma once

#include <string>

#include "ktx/check/doctor.hpp"
#include "ktx/check/prune.hpp"
#include "ktx/check/verification.hpp"
#include "ktx/install/bundle.hpp"
#include "ktx/install/install.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/status.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// The output of `ktx runtime bundle`: where the bundle is and what it holds.
std::string bundle_text(const runtime::Bundle& bundle);
std::string bundle_json(const runtime::Bundle& bundle);

/// The output of `ktx runtime doctor`.
std::string doctor_text(const runtime::DoctorReport& report);
std::string doctor_json(const runtime::DoctorReport& report);

/// The output of `ktx runtime install`.
std::string install_text(const runtime::InstallResult& result, const runtime::Layout& layout);
std::string install_json(const runtime::InstallResult& result, const runtime::Layout& layout);

/// The output of `ktx runtime repair`.
std::string repair_text(const runtime::InstallResult& result, const runtime::Layout& layout);
std::string repair_json(const runtime::InstallResult& result, const runtime::Layout& layout);

/// The output of `ktx runtime prune`. With `dry_run` nothing has been removed.
std::string prune_text(const runtime::PruneResult& result, bool dry_run);
std::string prune_json(const runtime::PruneResult& result);

/// The output of `ktx runtime status`.
std::string status_text(const runtime::Status& status, const runtime::Layout& layout);
std::string status_json(const runtime::Status& status, const runtime::Layout& layout);

/// The output of `ktx runtime verify`.
std::string verify_text(const runtime::Verification& verification);
std::string verify_json(const runtime::Verification& verification, const runtime::Layout& layout);

/// The output of `ktx --version --json`: this program, and the versions of CPython that it has a plugin for
/// (docs/schema/version.schema.json).
std::string version_json(const Environment& environment);

}  // namespace ktx::cli
