#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/app/agent_settings.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::app {

/// What came of starting the command of an entry.
struct AgentAnswer {
  bool ok = false;
  std::string what{};  ///< "ktx 0.1.0", or why it does not start
  std::string fix{};   ///< what to do about that; may be empty
};

/// An agent's MCP entry for ktx.
struct AgentServer {
  std::string file;
  std::optional<AgentCommand> command{};           ///< std::nullopt if the entry starts no program
  std::string fault{};                             ///< why the file cannot be read, at file:line:column
  std::optional<std::filesystem::path> project{};  ///< the project that it names, if it names one
  bool elsewhere = false;                          ///< that is another one
  std::optional<AgentAnswer> answer{};             ///< once it was asked
};

/// What one agent has of ktx, for a project or for all of the user's.
struct AgentSetUp {
  std::string agent;   ///< "claude-code"
  std::string scope;   ///< "project", "global"
  std::string file{};  ///< of instructions; empty if there are none
  std::optional<AgentServer> server{};

  /// Whether it is set up, as far as is known.
  bool ready() const;

  /// Whether it has nothing but an entry for another project.
  bool is_elsewhere() const { return file.empty() && server && server->elsewhere; }
};

/// The agents that have instructions or an entry for ktx. Reads their files, starts nothing, and throws
/// nothing.
std::vector<AgentSetUp> agents_set_up(const std::filesystem::path& project, const Environment& environment);

/// Starts the command of each entry as its agent would, sends it `initialize`, and writes down the answer or
/// what to do. Each has `limit` for it; commands that are the same are started once. Throws `interrupted`.
void ask_agents(std::vector<AgentSetUp>& agents, const std::filesystem::path& project,
                const Environment& environment, CommandRunner& runner, std::chrono::milliseconds limit);

}  // namespace ktx::app
