#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers the group `ktx runtime` and its commands.
void setup_runtime(CLI::App& parent, Context& context);

}  // namespace ktx::cli
