#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx sl conformance`.
void setup_sl_conformance(CLI::App& parent, Context& context);

}  // namespace ktx::cli
