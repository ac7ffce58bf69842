#include "setup/agent_targets.hpp"

#include <algorithm>
#include <array>

#include "setup/agent_text.hpp"

namespace ktx::cli {
namespace {

constexpr std::string_view begin_mark = "<!-- ktx:agent -->";
constexpr std::string_view end_mark = "<!-- /ktx:agent -->";

constexpr std::string_view skill_front_matter =
    "---\n"
    "name: ktx\n"
    "description: Answer questions about the company's data with ktx. Use it for any question about metrics, "
    "revenue, "
    "customers or other figures, before writing SQL by hand.\n"
    "---\n\n";
constexpr std::string_view rule_front_matter =
    "---\n"
    "description: How to answer questions about the company's data with ktx\n"
    "alwaysApply: false\n"
    "---\n\n";

constexpr std::array target_table = {
    AgentTarget{"claude-code", "Claude Code", ".claude/skills/ktx/SKILL.md", ".claude/skills/ktx/SKILL.md"},
    AgentTarget{"codex", "Codex", "AGENTS.md", ".codex/AGENTS.md"},
    AgentTarget{"cursor", "Cursor", ".cursor/rules/ktx.mdc", ""},
    AgentTarget{"opencode", "opencode", ".opencode/skills/ktx/SKILL.md",
                ".config/opencode/skills/ktx/SKILL.md"},
    AgentTarget{"universal", "Any agent that reads AGENTS.md", "AGENTS.md", ".agents/skills/ktx/SKILL.md"}};

std::string agent_part() {
  return std::string(begin_mark) + "\n" + std::string(agent_text) + std::string(end_mark) + "\n";
}

std::string_view front_matter(const std::filesystem::path& file) {
  if (file.filename() == "SKILL.md") return skill_front_matter;
  return file.extension() == ".mdc" ? rule_front_matter : std::string_view();
}

}  // namespace

std::span<const AgentTarget> agent_targets() { return target_table; }

std::vector<std::string> agent_target_names() {
  std::vector<std::string> names;
  for (const AgentTarget& target : target_table) names.emplace_back(target.name);
  return names;
}

const AgentTarget& agent_target(std::string_view name) {
  return *std::ranges::find(target_table, name, &AgentTarget::name);
}

bool has_agent_part(std::string_view text) { return text.find(begin_mark) != std::string_view::npos; }

std::string with_agent_part(const std::filesystem::path& file, const std::string& existing) {
  if (existing.empty()) return std::string(front_matter(file)) + agent_part();
  const auto begin = existing.find(begin_mark);
  if (begin == std::string::npos) {
    const std::string gap = existing.ends_with("\n\n") ? "" : existing.ends_with('\n') ? "\n" : "\n\n";
    return existing + gap + agent_part();
  }
  const auto mark = existing.find(end_mark, begin);
  // Without its end, what is behind the first mark may be somebody's own: only the mark is replaced.
  auto end = mark == std::string::npos ? begin + begin_mark.size() : mark + end_mark.size();
  if (end < existing.size() && existing[end] == '\n') ++end;
  return existing.substr(0, begin) + agent_part() + existing.substr(end);
}

}  // namespace ktx::cli
