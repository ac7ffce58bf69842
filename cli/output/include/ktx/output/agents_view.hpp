#pragma once

#include <string>
#include <vector>

#include "ktx/app/agent_plan.hpp"
#include "ktx/app/agent_status.hpp"
#include "ktx/terminal/terminal.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {

/// What will be written to a file of agents, as a unified diff in which values of other settings are not
/// shown; of instructions, how many lines. Empty if nothing changes.
std::string render_agent_edit(const app::AgentEdit& edit, const Style& style);

/// A line for each thing that agents have of ktx: instructions, and the MCP entry with its answer if it was
/// asked. Files below `project` are named by their path in it.
std::string render_agents(const std::vector<app::AgentSetUp>& agents, const std::string& project);

Json agents_json(const std::vector<app::AgentSetUp>& agents);

}  // namespace ktx::cli
