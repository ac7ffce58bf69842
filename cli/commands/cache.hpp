#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx cache status` and `ktx cache clear`.
void setup_cache(CLI::App& parent, Context& context);

}  // namespace ktx::cli
