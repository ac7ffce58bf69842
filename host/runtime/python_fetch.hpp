#pragma once

#include <optional>
#include <string>

#include "ktx/runtime/install.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/uv.hpp"

namespace ktx::runtime {

/// The Python version to ask uv for: what the user asked for when that is a version, else the newest that
/// this ktx has a plugin for. Nothing when the user named an executable, or there is no plugin.
std::optional<std::string> fetchable_version(const Layout& layout,
                                             const std::optional<std::string>& requested);

/// Has uv install that Python among ktx's own tools. Whether it did.
bool fetch_python(const Layout& layout, const InstallServices& services, const Uv& uv,
                  const std::string& version);

}  // namespace ktx::runtime
