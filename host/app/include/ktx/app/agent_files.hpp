#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::app {

/// An agent that can be told about ktx, and the file in which it looks for such things.
struct AgentTarget {
  std::string_view name;  ///< of `--target`
  std::string_view label;
  std::string_view project_file;  ///< below the project's folder
  std::string_view global_file;   ///< below the home; empty when the agent reads no such file
};

std::span<const AgentTarget> agent_targets();
std::vector<std::string> agent_target_names();

/// The target of that name, which must be one of `agent_target_names`.
const AgentTarget& agent_target(std::string_view name);

/// The text of an agent's file with ktx's own part in it, between its two marks; everything else in
/// `existing` stays. `existing` is empty when there is no such file: a new one begins as the agent wants a
/// file of this name to.
std::string with_agent_part(const std::filesystem::path& file, const std::string& existing);

/// Whether a file's text has ktx's part.
bool has_agent_part(std::string_view text);

/// An agent that was told of ktx.
struct AgentStatus {
  std::string target;  ///< "claude-code"
  std::string scope;   ///< "project", "global"
  std::string file;
};

/// The agents whose files in the project, or below the home, have the mark that `ktx setup` leaves in them.
std::vector<AgentStatus> agents_told(const std::filesystem::path& project_directory,
                                     const std::filesystem::path& home);

}  // namespace ktx::app
