#pragma once

#include <optional>
#include <string>

#include "ktx/runtime/install_services.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/uv.hpp"

namespace ktx::runtime {

/// The Python version to ask uv for: what the user asked for when that is a version that this ktx has a
/// plugin for, or the newest of those when nothing is asked for. Nothing otherwise.
std::optional<std::string> fetchable_version(const Layout& layout,
                                             const std::optional<std::string>& requested);

/// Has uv install that Python among ktx's own tools. Why it could not; nothing when it did.
std::optional<std::string> fetch_python(const Layout& layout, const InstallServices& services, const Uv& uv,
                                        const std::string& version);

}  // namespace ktx::runtime
