#pragma once

#include <cstddef>
#include <string>

#include "ktx/install/install_services.hpp"

namespace ktx::cli {

/// "Installing packages: numpy 15.0 MiB (12 of 33)" in at most `columns` terminal cells: in a narrow terminal
/// the package without the step, and what is still too long is cut.
std::string progress_line(const runtime::InstallProgress& progress, std::size_t columns);

}  // namespace ktx::cli
