#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx sl schema`, which prints the JSON Schema of one kind of project file. It needs neither a
/// project nor Python.
void setup_sl_schema(CLI::App& parent, Context& context);

}  // namespace ktx::cli
