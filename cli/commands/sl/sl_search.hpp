#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx sl search`.
void setup_sl_search(CLI::App& parent, Context& context);

}  // namespace ktx::cli
