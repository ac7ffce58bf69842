#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers the group `connection` and its commands.
void setup_connection(CLI::App& parent, Context& context);

}  // namespace ktx::cli
