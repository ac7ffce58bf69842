#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::app {

/// A coding agent that can be told about ktx, and the files in which it looks for instructions.
struct AgentTarget {
  std::string_view name;  ///< the value of `--target`
  std::string_view label;
  std::string_view project_file;  ///< below the project's folder
  std::string_view global_file;   ///< below the home directory; empty if the agent reads none
};

std::span<const AgentTarget> agent_targets();
std::vector<std::string> agent_target_names();

/// The target of this name, which must be one of `agent_target_names`.
const AgentTarget& agent_target(std::string_view name);

/// The text of an agent's file with the part that ktx owns, between two marks, added or replaced. All other
/// text stays, and the part has the line breaks of the text. `existing` is empty if there is no such file; a
/// new one starts with the front matter that agents expect in a file of this name. `command` is how ktx is
/// started there (see `own_command`).
std::string with_agent_part(const std::filesystem::path& file, const std::string& existing,
                            std::string_view command);

/// The text of an agent's file without that part and the blank line before it; empty if nothing else was in
/// it.
std::string without_agent_part(const std::filesystem::path& file, const std::string& existing);

/// Whether the text of a file has the part that ktx owns.
bool has_agent_part(std::string_view text);

/// An agent whose file has the part that ktx owns.
struct AgentStatus {
  std::string target;  ///< "claude-code"
  std::string scope;   ///< "project", "global"
  std::string file;
};

/// The agents whose files, in the project or below the home directory, have the mark that `ktx setup` leaves
/// in them.
std::vector<AgentStatus> agents_told(const std::filesystem::path& project_directory,
                                     const std::filesystem::path& home);

}  // namespace ktx::app
