#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ktx/app/agent_settings.hpp"

namespace ktx::app {

/// A file of one or several agents, as it is and as it shall be.
struct AgentEdit {
  std::string agents;  ///< "Claude Code, Cursor"
  AgentScope scope = AgentScope::project;
  bool is_settings = false;  ///< has an MCP entry; else instructions
  std::filesystem::path file;
  bool exists = false;
  std::string before;
  std::string after;
  std::string shown_before{};  ///< both for people to look at, in the same lines, without secrets
  std::string shown_after{};
  std::function<std::string(const std::string& text)> edit{};  ///< makes `after` of `before`

  bool changes() const { return before != after; }
  bool removes_file() const;  ///< ktx's own was all that was in it
};

/// One agent, and where it is to know of ktx.
struct AgentChoice {
  std::string agent;
  AgentScope scope = AgentScope::project;
};

/// What is written for agents.
struct AgentParts {
  bool instructions = true;
  bool settings = true;
  bool remove = false;  ///< takes both out again
};

/// What has to be written for the agents; writes nothing. Files that stay as they are are in the list too; a
/// file that several agents read is in it once, and is left when one of the others keeps ktx.
///
/// Throws an `io` error at file:line:column, with the lines to copy by hand, for a file that is not
/// understood, and `unsupported` for an agent that has no files of that scope.
std::vector<AgentEdit> plan_agents(const std::vector<AgentChoice>& choices, const AgentParts& parts,
                                   const std::filesystem::path& project, const Environment& environment);

/// Writes one file: what is in it at that moment is edited, while no other ktx does so. Returns whether it
/// changed. Throws an `io` error if it cannot be written, or must not, and as `plan_agents`.
bool write_agent_edit(const AgentEdit& edit);

}  // namespace ktx::app
