#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx completion`, which prints the script of a shell, and the hidden command that the scripts
/// call.
void setup_completion(CLI::App& root, Context& context);

}  // namespace ktx::cli
