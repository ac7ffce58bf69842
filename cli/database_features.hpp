#pragma once

#include <string>
#include <vector>

#include "ktx/runtime/feature.hpp"

namespace ktx::cli {

/// What of the runtime a command needs whose Python reaches databases of these drivers; `core` for none.
runtime::Features features_of_drivers(const std::vector<std::string>& drivers);

}  // namespace ktx::cli
