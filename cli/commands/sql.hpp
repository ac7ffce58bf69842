#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx sql`.
void setup_sql(CLI::App& parent, Context& context);

}  // namespace ktx::cli
