#pragma once

#include <string>

#include "ktx/runtime/install_plan.hpp"
#include "ktx/runtime/install_services.hpp"
#include "ktx/runtime/interpreter_choice.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/uv.hpp"

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

}  // namespace ktx::runtime
