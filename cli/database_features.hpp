#pragma once

#include <string>

#include "ktx/runtime/feature.hpp"

namespace ktx::cli {

/// What of the runtime a command needs whose Python reaches a database of this driver; `core` for none.
runtime::Features features_of_driver(const std::string& driver);

}  // namespace ktx::cli
