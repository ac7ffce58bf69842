#include <array>
#include <string_view>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "project_status.hpp"

namespace ktx::cli {
namespace {

constexpr std::string_view agent_mark = "<!-- ktx:agent -->";

/// A file in which an agent looks for what to know, below the project or below the home.
struct AgentFile {
  const char* target;
  bool in_project;
  const char* file;
};

constexpr std::array<AgentFile, 11> agent_files = {{
    {"claude-code", true, ".claude/skills/ktx/SKILL.md"},
    {"claude-code", true, "CLAUDE.md"},
    {"claude-code", false, ".claude/skills/ktx/SKILL.md"},
    {"codex", true, "AGENTS.md"},
    {"codex", false, ".codex/AGENTS.md"},
    {"cursor", true, ".cursor/rules/ktx.mdc"},
    {"opencode", true, ".opencode/skills/ktx/SKILL.md"},
    {"opencode", true, ".opencode/AGENTS.md"},
    {"opencode", false, ".config/opencode/skills/ktx/SKILL.md"},
    {"universal", true, "AGENTS.md"},
    {"universal", false, ".agents/skills/ktx/SKILL.md"},
}};

bool has_mark(const std::filesystem::path& file) {
  try {
    const auto text = read_file_if_exists(file);
    return text && text->find(agent_mark) != std::string::npos;
  } catch (const Error&) {
    return false;  // what cannot be read tells no agent anything
  }
}

}  // namespace

std::vector<AgentStatus> agents_told(const std::filesystem::path& project_directory,
                                     const std::filesystem::path& home) {
  std::vector<AgentStatus> agents;
  for (const AgentFile& entry : agent_files) {
    const auto& folder = entry.in_project ? project_directory : home;
    if (folder.empty() || !has_mark(folder / entry.file)) continue;
    const std::string scope = entry.in_project ? "project" : "global";
    const bool known =
        !agents.empty() && agents.back().target == entry.target && agents.back().scope == scope;
    if (!known) agents.push_back({entry.target, scope, (folder / entry.file).string()});
  }
  return agents;
}

}  // namespace ktx::cli
