#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx help [command…]`, the same as `ktx [command…] --help`. Call it last, when `root` has its
/// commands.
void setup_help(CLI::App& root, Context& context);

}  // namespace ktx::cli
