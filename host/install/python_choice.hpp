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

/// The Python to install with: what the user asks for now, else what they asked for when they installed
/// (`remembered`, empty when nothing) and is still there, else the best. One that is not there is fetched
/// where that is possible. Throws the `interpreter` error that says why each that was found does not fit.
ChosenPython choose_python(const Layout& layout, const std::string& remembered, const InstallRequest& request,
                           const InstallServices& services, const Uv& uv);

/// The Python version to ask uv for: what the user asked for when that is a version that this ktx has a
/// plugin for, or the newest of those when nothing is asked for. std::nullopt otherwise.
std::optional<std::string> fetchable_version(const Layout& layout,
                                             const std::optional<std::string>& requested);

/// Has uv install that Python among ktx's own tools. Why it could not; std::nullopt if it did.
std::optional<std::string> fetch_python(const Layout& layout, const InstallServices& services, const Uv& uv,
                                        const std::string& version);

}  // namespace ktx::runtime
