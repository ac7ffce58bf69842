#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// Registers `ktx wiki` and its commands.
void setup_wiki(CLI::App& parent, Context& context);

}  // namespace ktx::cli
