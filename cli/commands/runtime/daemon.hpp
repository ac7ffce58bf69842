#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx runtime start`.
void setup_runtime_start(CLI::App& parent, Context& context);

/// Registers the hidden command of the process that `ktx runtime start` starts.
void setup_serve(CLI::App& parent, Context& context);

/// Registers `ktx runtime stop`.
void setup_runtime_stop(CLI::App& parent, Context& context);

}  // namespace ktx::cli
