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

/// What `ktx runtime bundle` prints: where it is and what it holds.
std::string bundle_text(const runtime::Bundle& bundle);
std::string bundle_json(const runtime::Bundle& bundle);

/// What `runtime doctor` prints.
std::string doctor_text(const runtime::DoctorReport& report);
std::string doctor_json(const runtime::DoctorReport& report);

/// What `runtime install` prints.
std::string install_text(const runtime::InstallResult& result, const runtime::Layout& layout);
std::string install_json(const runtime::InstallResult& result, const runtime::Layout& layout);

/// What `runtime repair` prints.
std::string repair_text(const runtime::InstallResult& result, const runtime::Layout& layout);
std::string repair_json(const runtime::InstallResult& result, const runtime::Layout& layout);

/// What `runtime prune` prints; with `dry_run` nothing has been removed.
std::string prune_text(const runtime::PruneResult& result, bool dry_run);
std::string prune_json(const runtime::PruneResult& result);

/// What `runtime status` prints.
std::string status_text(const runtime::Status& status, const runtime::Layout& layout);
std::string status_json(const runtime::Status& status, const runtime::Layout& layout);

/// What `runtime verify` prints.
std::string verify_text(const runtime::Verification& verification);
std::string verify_json(const runtime::Verification& verification, const runtime::Layout& layout);

/// What `ktx --version --json` writes: this very program, and the versions of CPython that it has a plugin
/// for (docs/schema/version.schema.json).
std::string version_json(const Environment& environment);

}  // namespace ktx::cli
