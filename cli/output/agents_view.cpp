#include "ktx/output/agents_view.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include "ktx/output/list_view.hpp"
#include "ktx/util/shell_words.hpp"

namespace ktx::cli {
namespace {

constexpr std::size_t context_lines = 3;

// The lines of a text with their breaks.
std::vector<std::string_view> lines_with_breaks(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// The lines that two versions of a file have in common, at its begin and at its end. ktx changes a file at
// one place, so that a diff has one part.
struct ChangedLines {
  std::size_t begin = 0;  ///< in both
  std::size_t end_before = 0;
  std::size_t end_after = 0;
};

ChangedLines changed_lines(std::span<const std::string_view> before,
                           std::span<const std::string_view> after) {
  ChangedLines changed{0, before.size(), after.size()};
  while (changed.begin < before.size() && changed.begin < after.size() &&
         before[changed.begin] == after[changed.begin]) {
    ++changed.begin;
  }
  while (changed.end_before > changed.begin && changed.end_after > changed.begin &&
         before[changed.end_before - 1] == after[changed.end_after - 1]) {
    --changed.end_before;
    --changed.end_after;
  }
  return changed;
}

std::string diff_line(char sign, std::string_view line) {
  const bool ends = line.ends_with('\n');
  if (ends) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return sign + std::string(line) + "\n" + (ends ? "" : "\\ No newline at end of file\n");
}

std::string range_text(std::size_t begin, std::size_t end) {
  return std::to_string(begin == end ? begin : begin + 1) + "," + std::to_string(end - begin);
}

// A unified diff without its first two lines.
std::string diff_of(const app::AgentEdit& edit, const Style& style) {
  const auto before = lines_with_breaks(edit.before);
  const auto after = lines_with_breaks(edit.after);
  const auto shown_before = lines_with_breaks(edit.shown_before);
  const auto shown_after = lines_with_breaks(edit.shown_after);
  const ChangedLines changed = changed_lines(before, after);
  const std::size_t begin = changed.begin - std::min(changed.begin, context_lines);
  const std::size_t more = std::min(context_lines, before.size() - changed.end_before);
  std::string text = style.dim("@@ -" + range_text(begin, changed.end_before + more) + " +" +
                               range_text(begin, changed.end_after + more) + " @@") +
                     "\n";
  for (std::size_t i = begin; i < changed.begin; ++i) text += diff_line(' ', shown_before[i]);
  for (std::size_t i = changed.begin; i < changed.end_before; ++i) text += diff_line('-', shown_before[i]);
  for (std::size_t i = changed.begin; i < changed.end_after; ++i)
    text += style.bold(diff_line('+', shown_after[i]));
  for (std::size_t i = 0; i < more; ++i) text += diff_line(' ', shown_before[changed.end_before + i]);
  return text;
}

std::string summary_of(const app::AgentEdit& edit) {
  const auto before = lines_with_breaks(edit.before);
  const auto after = lines_with_breaks(edit.after);
  const ChangedLines changed = changed_lines(before, after);
  std::string text;
  if (changed.end_before > changed.begin) text += "-" + counted(changed.end_before - changed.begin, "line");
  if (changed.end_after > changed.begin) {
    text += (text.empty() ? "+" : ", +") + counted(changed.end_after - changed.begin, "line");
  }
  return "  instructions: " + text + "\n";
}

// Files of the project by their names in it.
std::string short_name(const std::string& file, const std::string& project) {
  return file.starts_with(project + "/") ? file.substr(project.size() + 1) : file;
}

std::string server_words(const app::AgentServer& server, const std::string& project) {
  if (!server.fault.empty()) return server.fault;
  const std::string file = "MCP entry in " + short_name(server.file, project);
  if (!server.command) return file + ", which starts no program";
  const std::string other = server.elsewhere ? ", for another project" : "";
  return file + " (" + shell_command(server.command->words) + ")" + other;
}

std::string answer_line(const app::AgentAnswer& answer) {
  std::string text = answer.ok ? "    starts: " + answer.what : "    does not start: " + answer.what;
  if (!answer.ok && !answer.fix.empty()) text += "\n    Fix: " + answer.fix;
  return text + "\n";
}

Json server_json(const app::AgentServer& server) {
  Json json = {{"file", server.file}};
  if (!server.fault.empty()) json["error"] = server.fault;
  if (server.command) json["command"] = server.command->words;
  if (server.project) json["projectDir"] = server.project->string();
  if (!server.answer) return json;
  json["starts"] = server.answer->ok;
  if (server.answer->ok) {
    json["server"] = server.answer->what;
    return json;
  }
  json["error"] = server.answer->what;
  if (!server.answer->fix.empty()) json["fix"] = server.answer->fix;
  return json;
}

}  // namespace

std::string render_agent_edit(const app::AgentEdit& edit, const Style& style) {
  if (!edit.changes()) return {};
  const std::string what = !edit.exists ? " (new)" : edit.removes_file() ? " (removed)" : "";
  const std::string heading = style.bold(edit.agents + ": " + edit.file.string() + what) + "\n";
  return heading + (edit.is_settings ? diff_of(edit, style) : summary_of(edit));
}

std::string render_agents(const std::vector<app::AgentSetUp>& agents, const std::string& project) {
  std::string text;
  for (const app::AgentSetUp& agent : agents) {
    const std::string name = "  " + agent.agent + " " + agent.scope + ": ";
    if (!agent.file.empty()) text += name + "instructions in " + short_name(agent.file, project) + "\n";
    if (!agent.server) continue;
    text += name + server_words(*agent.server, project) + "\n";
    if (agent.server->answer) text += answer_line(*agent.server->answer);
  }
  return text;
}

Json agents_json(const std::vector<app::AgentSetUp>& agents) {
  Json list = Json::array();
  for (const app::AgentSetUp& agent : agents) {
    Json json = {{"target", agent.agent}, {"scope", agent.scope}, {"ready", agent.ready()}};
    if (!agent.file.empty()) json["instructions"] = agent.file;
    if (agent.server) json["mcp"] = server_json(*agent.server);
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace ktx::cli
