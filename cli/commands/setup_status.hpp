#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

void setup_setup_status(CLI::App& parent, Context& context);

/// `ktx setup status`: which steps of setup are done.
int run_setup_status(const Context& context, bool json);

}  // namespace ktx::cli
