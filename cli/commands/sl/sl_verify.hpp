#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx sl verify`.
void setup_sl_verify(CLI::App& parent, Context& context);

}  // namespace ktx::cli
