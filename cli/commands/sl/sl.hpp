#pragma once

#include <CLI/App.hpp>

#include "context.hpp"
#include "sl/sl_query.hpp"

namespace ktx::cli {

/// Registers the group `sl` and its commands.
void setup_sl(CLI::App& parent, Context& context);

}  // namespace ktx::cli
