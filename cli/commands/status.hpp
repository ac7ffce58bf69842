#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx status`.
void setup_status(CLI::App& parent, Context& context);

/// Registers `ktx setup status`.
void setup_setup_status(CLI::App& parent, Context& context);

}  // namespace ktx::cli
