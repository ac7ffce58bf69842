#pragma once

#include <CLI/App.hpp>

#include "commands/sl_query.hpp"
#include "context.hpp"

namespace ktx::cli {

/// Registers the group `sl` and its commands. `connect` gives those that need one their planner.
void setup_sl(CLI::App& parent, Context& context, TransportFactory connect);

}  // namespace ktx::cli
