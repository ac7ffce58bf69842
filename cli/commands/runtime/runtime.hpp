#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// The group `ktx runtime …`.
void setup_runtime(CLI::App& parent, Context& context);

}  // namespace ktx::cli
