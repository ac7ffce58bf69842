#include "ktx/app/agent_files.hpp"

#include <algorithm>
#include <array>

#include "ktx/app/own_command.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::app {
namespace {

// What an agent is told about ktx, in Markdown. It is written between the marks below, so that a later setup
// replaces its own text and leaves what the user wrote around it.
constexpr std::string_view agent_text = R"(# Questions about data: use ktx

This project has a semantic layer: sources (tables with columns, joins and measures) in `semantic-layer/`, which
`ktx` compiles to correct SQL. Prefer its measures to SQL of your own; they are defined once, and joins are proven not
to repeat rows.

1. Find the source: `ktx sl search <words>`; `ktx sl list` shows all of them.
2. Look at its file in `semantic-layer/<connection>/<source>.yaml` for measures, columns and their meaning. Pages in
   `wiki/` say what words mean here.
3. See how a question would be answered, without running it:
   `ktx sl query --measure <source>.<measure> --dimension <source>.<column> --explain`
4. Run it: `ktx sl query --measure <source>.<measure> --dimension <source>.<column> --execute --format json`
   - `--dimension orders.created_at:month` groups by month; `--filter "orders.status = 'paid'"` filters;
     `--order-by`, `--limit` and `--segment` do what they say. An aggregate such as `sum(orders.amount)` is a measure too.
   - With more than one connection, add `--connection-id <id>`.
5. After changing a file: `ktx sl validate`.

Rules
- stdout is the answer; errors and warnings are on stderr. Pass warnings on to the user with the answer.
- An error says what to do in its line `Fix:`. Correct the question; do not guess numbers or fall back to SQL silently.
- Databases are read only. Never try to write to one, and never go around ktx to do so.
- Secrets are references in `ktx.yaml` (`env:NAME`, `file:/path`). Never read, print or store what they refer to, and
  never write a password, a token or a key into a file of this project.
- Where the shell does not find that command, `npx @kaelio/ktx` and `uvx --from kaelio-ktx-cli ktx` start the same.
- When the Python runtime is missing, ask the user before running `ktx runtime install --yes`.
)";

constexpr std::string_view begin_mark = "<!-- ktx:agent -->";
constexpr std::string_view end_mark = "<!-- /ktx:agent -->";

// A skill needs a name and a description; a rule of Cursor is chosen by its description.
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

std::string agent_part(std::string_view command) {
  const std::string text = with_own_command(std::string(agent_text), command);
  return std::string(begin_mark) + "\n" + text + std::string(end_mark) + "\n";
}

// As its first line ends.
std::string_view line_break_of(std::string_view text) {
  const auto end = text.find('\n');
  return end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

std::string with_line_breaks(std::string text, std::string_view line_break) {
  if (line_break == "\n") return text;
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + line_break.size())) {
    text.replace(at, 1, line_break);
  }
  return text;
}

std::string_view front_matter(const std::filesystem::path& file) {
  if (file.filename() == "SKILL.md") return skill_front_matter;
  return file.extension() == ".mdc" ? rule_front_matter : std::string_view();
}

bool tells_of_ktx(const std::filesystem::path& file) {
  try {
    const auto text = read_file_if_exists(file);
    return text && has_agent_part(*text);
  } catch (const Error&) {
    return false;  // the agent cannot read it either
  }
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

std::string with_agent_part(const std::filesystem::path& file, const std::string& existing,
                            std::string_view command) {
  if (existing.empty()) return std::string(front_matter(file)) + agent_part(command);
  const std::string line_break(line_break_of(existing));
  const std::string part = with_line_breaks(agent_part(command), line_break);
  const auto begin = existing.find(begin_mark);
  if (begin == std::string::npos) {
    const bool ends_line = existing.ends_with('\n');
    const bool ends_paragraph = ends_line && existing.ends_with(line_break + line_break);
    return existing + (ends_line ? "" : line_break) + (ends_paragraph ? "" : line_break) + part;
  }
  const auto mark = existing.find(end_mark, begin);
  // If the end mark was deleted, the text behind the first may be the user's: replace only the mark.
  auto end = mark == std::string::npos ? begin + begin_mark.size() : mark + end_mark.size();
  for (const char c : {'\r', '\n'}) {
    if (end < existing.size() && existing[end] == c) ++end;
  }
  return existing.substr(0, begin) + part + existing.substr(end);
}

std::string without_agent_part(const std::filesystem::path& file, const std::string& existing) {
  const auto begin = existing.find(begin_mark);
  if (begin == std::string::npos) return existing;
  const auto mark = existing.find(end_mark, begin);
  // As in `with_agent_part`: without the end mark, what follows may be the user's.
  auto end = mark == std::string::npos ? begin + begin_mark.size() : mark + end_mark.size();
  for (const char c : {'\r', '\n'}) {
    if (end < existing.size() && existing[end] == c) ++end;
  }
  std::string before = existing.substr(0, begin);
  const std::string behind = existing.substr(end);
  if (before == front_matter(file)) before.clear();
  const std::string line_break(line_break_of(existing));
  if (before.ends_with(line_break + line_break)) before.resize(before.size() - line_break.size());
  return before + behind;
}

std::vector<AgentStatus> agents_told(const std::filesystem::path& project_directory,
                                     const std::filesystem::path& home) {
  std::vector<AgentStatus> agents;
  const auto look = [&](std::string_view target, const char* scope, const std::filesystem::path& folder,
                        std::string_view file) {
    // No home directory, or an agent without a file for all projects.
    if (folder.empty() || file.empty() || !tells_of_ktx(folder / file)) return;
    agents.push_back({std::string(target), scope, (folder / file).string()});
  };
  for (const AgentTarget& target : agent_targets()) {
    look(target.name, "project", project_directory, target.project_file);
    look(target.name, "global", home, target.global_file);
  }
  return agents;
}

}  // namespace ktx::app
