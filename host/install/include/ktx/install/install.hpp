#pragma once

#include <string>

#include "ktx/install/install_plan.hpp"
#include "ktx/install/install_services.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/receipt.hpp"

namespace ktx::runtime {

struct InstallResult {
  bool installed = false;  ///< false when the existing runtime was as asked for
  std::string damage;      ///< what was wrong with the runtime that was replaced; empty if nothing
  Receipt receipt;
};

/// Makes the managed runtime satisfy the request.
///
/// Everything that can be checked is checked first. The new environment is built beside the old one, verified
/// by loading it, and replaces it when its receipt is written. Until then, and whenever anything fails or is
/// interrupted, the old runtime stays unchanged. Only one install runs at a time under a root; another waits
/// and then finds the work done. A file of an existing runtime that is not as installed counts as damage and
/// leads to a new install.
///
/// Throws `asset`, `uv`, `interpreter`, `install`, `io`, `runtime_broken` (a newer ktx's runtime without
/// `force`), `interrupted`, and what `verify` throws.
InstallResult install(const Layout& layout, const InstallRequest& request, const InstallServices& services);

}  // namespace ktx::runtime
