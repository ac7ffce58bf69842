#pragma once

#include "context.hpp"
#include "ktx/runtime/install.hpp"
#include "output/progress.hpp"

namespace ktx::cli {

/// Installs the managed runtime with real processes; the new environment is verified by a child of this
/// same program.
runtime::InstallResult managed_install(const Context& context, const runtime::Layout& layout,
                                       const runtime::InstallRequest& request, Progress& progress);

}  // namespace ktx::cli
