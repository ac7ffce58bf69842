#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx sl validate`.
void setup_sl_validate(CLI::App& parent, Context& context);

}  // namespace ktx::cli
