#pragma once

#include <vector>

#include "ktx/mcp/engine.hpp"
#include "ktx/mcp/offer.hpp"

namespace ktx::mcp {

/// Everything that the settings of the engine allow. `engine` must outlive it.
Offer whole_offer(Engine& engine);

/// The operation table: every tool that the settings of the engine allow, in the order in which clients list
/// them. `engine` must outlive them.
std::vector<Tool> all_tools(Engine& engine);

}  // namespace ktx::mcp
