#pragma once

#include <string>

#include "ktx/util/environment.hpp"

namespace ktx::cli {

/// What `ktx --version --json` writes: this very program, and the versions of CPython that it has a plugin
/// for (docs/schema/version.schema.json).
std::string version_json(const Environment& environment);

}  // namespace ktx::cli
