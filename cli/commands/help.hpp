#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx help [command…]`, the same as `ktx [command…] --help`. Call it last: it knows the commands
/// of `root`.
void setup_help(CLI::App& root, Context& context);

}  // namespace ktx::cli
