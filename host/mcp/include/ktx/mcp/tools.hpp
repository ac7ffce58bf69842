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

/// The parts of the table.
void add_connection_tools(std::vector<Tool>& tools, Engine& engine);
void add_query_tools(std::vector<Tool>& tools, Engine& engine);

}  // namespace ktx::mcp
