#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx setup` and its subcommands.
void setup_setup(CLI::App& parent, Context& context);

/// Whether a command line without a command starts setup: for a person at a terminal, outside of any project.
bool starts_setup(const CLI::App& app, const Context& context);

/// `ktx setup` without options.
int run_bare_setup(Context& context);

}  // namespace ktx::cli
