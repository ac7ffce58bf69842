#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx completion`, which prints a shell's script, and the hidden command that the scripts ask.
void setup_completion(CLI::App& root, Context& context);

}  // namespace ktx::cli
