#pragma once

#include <string>

#include "ktx/install/install.hpp"

namespace ktx::cli {

/// What `runtime install` prints.
std::string install_text(const runtime::InstallResult& result, const runtime::Layout& layout);
std::string install_json(const runtime::InstallResult& result, const runtime::Layout& layout);

/// What `runtime repair` prints.
std::string repair_text(const runtime::InstallResult& result, const runtime::Layout& layout);
std::string repair_json(const runtime::InstallResult& result, const runtime::Layout& layout);

}  // namespace ktx::cli
