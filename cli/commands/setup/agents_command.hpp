#pragma once

#include <CLI/App.hpp>
#include <memory>

#include "context.hpp"
#include "setup/options.hpp"

namespace ktx::cli {

/// Registers `ktx setup agents` below `ktx setup`, whose options it understands too.
void setup_setup_agents(CLI::App& parent, Context& context, std::shared_ptr<SetupOptions> setup);

}  // namespace ktx::cli
