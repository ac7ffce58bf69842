#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Adds `ktx mcp` and its subcommands.
void setup_mcp(CLI::App& app, Context& context);

/// Adds `ktx serve`, the older spelling.
void setup_serve_mcp(CLI::App& app, Context& context);

}  // namespace ktx::cli
