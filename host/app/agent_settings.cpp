#include "ktx/app/agent_settings.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "ktx/app/own_command.hpp"
#include "ktx/util/shell_words.hpp"

namespace ktx::app {
namespace {

constexpr std::string_view workspace_folder = "${workspaceFolder}";

constexpr std::array mcp_agent_table = {
    AgentTarget{"claude-code", "Claude Code", ".claude/skills/ktx/SKILL.md", ".claude/skills/ktx/SKILL.md"},
    AgentTarget{"claude-desktop", "Claude Desktop", "", ""},
    AgentTarget{"codex", "Codex", "AGENTS.md", ".codex/AGENTS.md"},
    AgentTarget{"cursor", "Cursor", ".cursor/rules/ktx.mdc", ""},
    AgentTarget{"vscode", "VS Code", "AGENTS.md", ""},
    AgentTarget{"opencode", "opencode", ".opencode/skills/ktx/SKILL.md",
                ".config/opencode/skills/ktx/SKILL.md"},
    AgentTarget{"gemini", "Gemini CLI", "GEMINI.md", ".gemini/GEMINI.md"},
    AgentTarget{"universal", "Other agents", "AGENTS.md", ".agents/skills/ktx/SKILL.md"}};

std::filesystem::path project_mcp_file(std::string_view agent, const std::filesystem::path& project) {
  if (agent == "claude-code" || agent == "universal") return project / ".mcp.json";
  if (agent == "codex") return project / ".codex" / "config.toml";
  if (agent == "cursor") return project / ".cursor" / "mcp.json";
  if (agent == "vscode") return project / ".vscode" / "mcp.json";
  if (agent == "gemini") return project / ".gemini" / "settings.json";
  if (agent != "opencode") return {};
  const auto with_comments = project / "opencode.jsonc";
  return std::filesystem::exists(with_comments) ? with_comments : project / "opencode.json";
}

// The folder that a variable names, if it is absolute; else the default.
std::filesystem::path folder_of(const Environment& environment, const std::string& variable,
                                const std::filesystem::path& otherwise) {
  const std::filesystem::path named = environment.variable(variable).value_or("");
  return named.is_absolute() ? named : otherwise;
}

// Where programs with windows keep their settings.
std::filesystem::path application_folder(const Environment& environment) {
  if (environment.platform == Platform::macos) return environment.home / "Library" / "Application Support";
  if (environment.platform == Platform::windows) {
    return folder_of(environment, "APPDATA", environment.home / "AppData" / "Roaming");
  }
  return folder_of(environment, "XDG_CONFIG_HOME", environment.home / ".config");
}

std::filesystem::path user_mcp_file(std::string_view agent, const Environment& environment) {
  const std::filesystem::path& home = environment.home;
  if (agent == "claude-code") return folder_of(environment, "CLAUDE_CONFIG_DIR", home) / ".claude.json";
  if (agent == "claude-desktop")
    return application_folder(environment) / "Claude" / "claude_desktop_config.json";
  if (agent == "codex") return folder_of(environment, "CODEX_HOME", home / ".codex") / "config.toml";
  if (agent == "cursor") return home / ".cursor" / "mcp.json";
  if (agent == "vscode") return application_folder(environment) / "Code" / "User" / "mcp.json";
  if (agent == "gemini") return home / ".gemini" / "settings.json";
  if (agent != "opencode") return {};
  const auto folder = folder_of(environment, "XDG_CONFIG_HOME", home / ".config") / "opencode";
  const auto with_comments = folder / "opencode.jsonc";
  return std::filesystem::exists(with_comments) ? with_comments : folder / "opencode.json";
}

bool knows_workspace_folder(std::string_view agent) { return agent == "cursor" || agent == "vscode"; }

// A program that the agent finds without the PATH of a shell.
AgentCommand without_path(std::vector<std::string> words, const Environment& environment) {
  const std::filesystem::path first = words.front();
  if (first.is_absolute()) return {std::move(words)};
  const auto found = find_program(environment, words.front());
  std::error_code fault;
  const bool is_own = found && std::filesystem::canonical(*found, fault) == environment.executable;
  if (words.size() == 1) return {{(is_own ? *found : environment.executable).string()}};
  // npx and its like find Node.js, and what else they start, on the PATH.
  if (!found) return {std::move(words)};
  words.front() = found->string();
  return {std::move(words), {{"PATH", found->parent_path().string() + ":/usr/local/bin:/usr/bin:/bin"}}};
}

// What package managers would ask at a terminal is answered: an agent has none.
void answer_package_manager(std::vector<std::string>& words) {
  if (words.size() > 1 && words[0] == "npx" && words[1] == "@kaelio/ktx")
    words.insert(words.begin() + 1, "-y");
}

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& item : list) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

// OpenCode 2 has servers in an object of their own, and reads those of OpenCode 1 beside them.
settings::EntryPath opencode_path(std::string_view text, const std::string& file) {
  settings::EntryPath path = {settings::Format::json, {"mcp", "ktx"}};
  const auto servers = settings::find_entry(text, file, {settings::Format::json, {"mcp", "servers"}});
  // A server of OpenCode 1 may be called "servers".
  if (!servers || !servers->is_object() || servers->contains("type")) return path;
  if (servers->contains("ktx") || !settings::find_entry(text, file, path))
    path.names = {"mcp", "servers", "ktx"};
  return path;
}

}  // namespace

std::span<const AgentTarget> mcp_agents() { return mcp_agent_table; }

std::vector<std::string> mcp_agent_names() {
  std::vector<std::string> names;
  for (const AgentTarget& agent : mcp_agent_table) names.emplace_back(agent.name);
  return names;
}

const AgentTarget& mcp_agent(std::string_view name) {
  return *std::ranges::find(mcp_agent_table, name, &AgentTarget::name);
}

std::optional<std::filesystem::path> mcp_file(std::string_view agent, AgentScope scope,
                                              const std::filesystem::path& project,
                                              const Environment& environment) {
  if (scope == AgentScope::user && environment.home.empty()) return std::nullopt;
  const auto file =
      scope == AgentScope::project ? project_mcp_file(agent, project) : user_mcp_file(agent, environment);
  return file.empty() ? std::nullopt : std::optional(file);
}

settings::EntryPath mcp_entry_path(std::string_view agent, std::string_view text, const std::string& file) {
  if (agent == "codex") return {settings::Format::toml, {"mcp_servers", "ktx"}};
  if (agent == "opencode") return opencode_path(text, file);
  return {settings::Format::json, {agent == "vscode" ? "servers" : "mcpServers", "ktx"}};
}

AgentCommand mcp_command(std::string_view agent, AgentScope scope, const std::filesystem::path& project,
                         const Environment& environment) {
  const bool in_project = scope == AgentScope::project;
  // An agent's settings for all projects name nothing relative to one.
  std::vector<std::string> words = words_of_command(own_command(environment, in_project ? project : ""));
  answer_package_manager(words);
  AgentCommand command = agent == "claude-desktop" ? without_path(std::move(words), environment)
                                                   : AgentCommand{std::move(words)};
  const std::string& program = command.words.front();
  const bool is_relative = program.find('/') != std::string::npos && !program.starts_with('/');
  if (is_relative && knows_workspace_folder(agent)) {
    command.words.front() = std::string(workspace_folder) + "/" + program;
  }
  for (const char* word : {"mcp", "stdio"}) command.words.emplace_back(word);
  if (in_project && !knows_workspace_folder(agent)) return command;
  command.words.emplace_back("--project-dir");
  command.words.push_back(in_project ? std::string(workspace_folder) : project.string());
  return command;
}

settings::EntryFields mcp_entry(std::string_view agent, const settings::EntryPath& path,
                                const AgentCommand& command) {
  settings::EntryFields fields;
  if (agent == "opencode") {
    fields.always = {{"type", "local"}, {"command", command.words}};
    if (path.names.size() == 2) fields.at_first["enabled"] = true;
    return fields;
  }
  if (agent == "vscode") fields.always["type"] = "stdio";
  fields.always["command"] = command.words.front();
  fields.always["args"] = std::vector<std::string>(command.words.begin() + 1, command.words.end());
  if (!command.variables.empty()) fields.at_first["env"] = command.variables;
  return fields;
}

std::optional<AgentCommand> command_of_entry(const Json& entry) {
  if (!entry.is_object() || !entry.contains("command")) return std::nullopt;
  const Json& first = entry.at("command");
  AgentCommand command;
  if (first.is_string()) command.words.push_back(first.get<std::string>());
  if (first.is_array()) command.words = texts_of(first);
  if (entry.contains("args")) {
    for (std::string& word : texts_of(entry.at("args"))) command.words.push_back(std::move(word));
  }
  for (const char* key : {"env", "environment"}) {
    if (!entry.contains(key) || !entry.at(key).is_object()) continue;
    for (const auto& [name, value] : entry.at(key).items()) {
      if (value.is_string()) command.variables[name] = value.get<std::string>();
    }
  }
  if (command.words.empty() || command.words.front().empty()) return std::nullopt;
  return command;
}

std::string with_workspace_folder(std::string word, const std::filesystem::path& project) {
  const auto at = word.find(workspace_folder);
  if (at != std::string::npos) word.replace(at, workspace_folder.size(), project.string());
  return word;
}

}  // namespace ktx::app
