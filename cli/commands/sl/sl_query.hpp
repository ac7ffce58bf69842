#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx sl query`.
void setup_sl_query(CLI::App& parent, Context& context);

}  // namespace ktx::cli
