#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/app/agent_files.hpp"
#include "ktx/settings/entry.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::app {

/// Whose settings: those that lie in a project, or those of the user for all projects.
enum class AgentScope : std::uint8_t { project, user };

/// The agents that can start `ktx mcp stdio`, and where each looks for instructions; a file is empty where it
/// has none. Those of `agent_targets` are among them.
std::span<const AgentTarget> mcp_agents();
std::vector<std::string> mcp_agent_names();

/// The agent of this name, which must be one of `mcp_agent_names`.
const AgentTarget& mcp_agent(std::string_view name);

/// The file in which the agent looks for MCP servers; std::nullopt if it has none of that scope, or if there
/// is no home folder. Facts and sources: docs/agents.md.
std::optional<std::filesystem::path> mcp_file(std::string_view agent, AgentScope scope,
                                              const std::filesystem::path& project,
                                              const Environment& environment);

/// Where in the text of that file ktx's entry belongs. Throws as settings::find_entry.
settings::EntryPath mcp_entry_path(std::string_view agent, std::string_view text, const std::string& file);

/// How an agent starts a program.
struct AgentCommand {
  std::vector<std::string> words;
  std::map<std::string, std::string> variables{};  ///< in addition to those that the agent gives it
};

/// How the agent starts `ktx mcp stdio` for the project: as this ktx was started, by an absolute path where
/// the agent has no PATH of a shell, and with the project's folder where it may start it elsewhere. Never has
/// a secret.
AgentCommand mcp_command(std::string_view agent, AgentScope scope, const std::filesystem::path& project,
                         const Environment& environment);

/// The entry that makes the agent run the command, at a path of `mcp_entry_path`.
settings::EntryFields mcp_entry(std::string_view agent, const settings::EntryPath& path,
                                const AgentCommand& command);

/// The command in an entry; std::nullopt if it starts none, such as one with an address.
std::optional<AgentCommand> command_of_entry(const Json& entry);

/// The words with `${workspaceFolder}` as the agents that know it read it.
std::string with_workspace_folder(std::string word, const std::filesystem::path& project);

}  // namespace ktx::app
