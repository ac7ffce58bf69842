#pragma once

#include <optional>
#include <string>

#include "ktx/install/install_plan.hpp"
#include "ktx/install/install_services.hpp"
#include "ktx/install/uv.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/python_discovery.hpp"

namespace ktx::runtime {

struct ChosenPython {
  FitPython python;
  std::string requested;  ///< see `Receipt`
};

/// The Python to install with: what the user asks for now, else what they asked for at an earlier install
/// (`remembered`, may be empty) if it is still there, else the best. A missing one is downloaded if possible.
/// Throws the `interpreter` error that says why each Python that was found does not fit.
ChosenPython choose_python(const Layout& layout, const std::string& remembered, const InstallRequest& request,
                           const InstallServices& services, const Uv& uv);

/// The Python version to download with uv: the requested one if this ktx has a plugin for it, or the newest
/// with a plugin if none is requested; else std::nullopt.
std::optional<std::string> fetchable_version(const Layout& layout,
                                             const std::optional<std::string>& requested);

/// Has uv install that Python among ktx's own tools. Returns why it failed; std::nullopt if it succeeded.
std::optional<std::string> fetch_python(const Layout& layout, const InstallServices& services, const Uv& uv,
                                        const std::string& version);

}  // namespace ktx::runtime
