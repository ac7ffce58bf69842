#include "ktx/app/agent_status.hpp"

#include <algorithm>
#include <system_error>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/shell_words.hpp"
#include "ktx/util/text.hpp"

namespace ktx::app {
namespace {

constexpr const char* initialize =
    R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},)"
    R"("clientInfo":{"name":"ktx-status","version":"1"}}})"
    "\n";

// The word behind --project-dir, as the agent reads it.
std::optional<std::filesystem::path> project_of(const AgentCommand& command,
                                                const std::filesystem::path& project) {
  const auto option = std::ranges::find(command.words, "--project-dir");
  if (option != command.words.end() && option + 1 != command.words.end()) {
    return with_workspace_folder(*(option + 1), project);
  }
  const auto variable = command.variables.find("KTX_PROJECT_DIR");
  if (variable == command.variables.end()) return std::nullopt;
  return with_workspace_folder(variable->second, project);
}

bool is_same_folder(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code fault;
  return a.lexically_normal() == b.lexically_normal() || std::filesystem::equivalent(a, b, fault);
}

std::optional<AgentServer> server_in(std::string_view agent, const std::filesystem::path& file,
                                     const std::filesystem::path& project) {
  AgentServer server{.file = file.string()};
  try {
    const auto text = read_file_if_exists(file);
    // Most such files are large, and know nothing of ktx.
    if (!text || text->find("ktx") == std::string::npos) return std::nullopt;
    const auto entry = settings::find_entry(*text, server.file, mcp_entry_path(agent, *text, server.file));
    if (!entry) return std::nullopt;
    server.command = command_of_entry(*entry);
    if (server.command) server.project = project_of(*server.command, project);
    server.elsewhere = server.project && !is_same_folder(*server.project, project);
  } catch (const Error& error) {
    server.fault = error.message();
  }
  return server;
}

bool tells_of_ktx_there(const std::filesystem::path& file) {
  try {
    const auto text = read_file_if_exists(file);
    return text && has_agent_part(*text);
  } catch (const Error&) {
    return false;  // the agent cannot read it either
  }
}

// The agents that share AGENTS.md with others are known by their settings alone.
bool is_known_by_instructions(std::string_view agent) { return agent != "vscode"; }

constexpr const char* set_up_again = "Run ktx setup agents again, or mend the entry";

// Starts commands as their agents do.
class AgentAsking {
 public:
  AgentAsking(const std::filesystem::path& project, const Environment& environment, CommandRunner& runner,
              std::chrono::milliseconds limit)
      : project_(project), environment_(environment), runner_(runner), limit_(limit) {}

  AgentAnswer ask(const AgentSetUp& agent) {
    const AgentServer& server = *agent.server;
    if (!server.fault.empty()) return {false, server.fault, "Mend the file"};
    if (!server.command) return {false, "its entry starts no program", set_up_again};
    if (server.project && !path_exists(*server.project / "ktx.yaml")) {
      return {false, "there is no ktx.yaml in " + server.project->string(), set_up_again};
    }
    Command command = started(agent);
    for (const std::string& word : command.argv) {
      if (word.find("${") != std::string::npos)
        return {false, "only the agent knows what " + word + " means", ""};
    }
    const auto program = find(command);
    if (!program) {
      return {false, "there is no program " + command.argv.front() + " where the agent looks for it",
              "Install ktx so that it is on the PATH, or run ktx setup agents again"};
    }
    command.argv.front() = program->string();
    return answer_of(command);
  }

 private:
  Command started(const AgentSetUp& agent) const {
    Command command;
    for (const std::string& word : agent.server->command->words) {
      command.argv.push_back(with_workspace_folder(word, project_));
    }
    command.environment = environment_.variables;
    // A program with windows has the PATH of the session, and starts its servers in no folder of anybody's.
    const bool has_windows = agent.agent == "claude-desktop";
    if (has_windows) command.environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
    for (const auto& [name, value] : agent.server->command->variables) command.environment[name] = value;
    command.directory = agent.scope == "project"                   ? project_
                        : has_windows || environment_.home.empty() ? "/"
                                                                   : environment_.home;
    command.input = initialize;
    command.time_limit = limit_;
    return command;
  }

  static std::optional<std::filesystem::path> find(const Command& command) {
    const std::filesystem::path program = command.argv.front();
    if (command.argv.front().find('/') != std::string::npos) {
      const auto file = command.directory / program;
      return is_executable_file(file) ? std::optional(file) : std::nullopt;
    }
    Environment environment;
    environment.variables = command.environment;
    return find_program(environment, program.string());
  }

  AgentAnswer answer_of(const Command& command) {
    const auto same = std::ranges::find_if(asked_, [&](const auto& each) {
      return each.first.argv == command.argv && each.first.environment == command.environment &&
             each.first.directory == command.directory;
    });
    if (same != asked_.end()) return same->second;
    AgentAnswer answer = read(runner_.run(command));
    asked_.emplace_back(command, answer);
    return answer;
  }

  static AgentAnswer read(const CommandResult& result) {
    const Json reply = Json::parse(first_line(result.out), nullptr, false);
    const Json::json_pointer at("/result/serverInfo");
    if (reply.is_object() && reply.contains(at) && reply.at(at).is_object()) {
      const Json& server = reply.at(at);
      const auto text = [&](const char* key) {
        return server.contains(key) && server.at(key).is_string() ? server.at(key).get<std::string>() : "";
      };
      if (text("name") == "ktx") return {true, "ktx " + text("version")};
      return {false, "another server answers: " + text("name"), set_up_again};
    }
    std::string what = result.succeeded() ? "it ends without an answer" : result.describe();
    const std::string_view last = last_line(result.err);
    if (!last.empty()) what += ": " + std::string(last);
    return {false, what, set_up_again};
  }

  const std::filesystem::path& project_;
  const Environment& environment_;
  CommandRunner& runner_;
  std::chrono::milliseconds limit_;
  std::vector<std::pair<Command, AgentAnswer>> asked_;
};

}  // namespace

bool AgentSetUp::ready() const {
  if (!server) return true;
  return server->fault.empty() && server->command && (!server->answer || server->answer->ok);
}

std::vector<AgentSetUp> agents_set_up(const std::filesystem::path& project, const Environment& environment) {
  std::vector<AgentSetUp> agents;
  const auto look = [&](const AgentTarget& agent, AgentScope scope, const std::filesystem::path& folder,
                        std::string_view name) {
    AgentSetUp set_up{.agent = std::string(agent.name),
                      .scope = scope == AgentScope::project ? "project" : "global"};
    const bool told = !folder.empty() && !name.empty() && tells_of_ktx_there(folder / name);
    if (told) set_up.file = (folder / name).string();
    if (const auto file = mcp_file(agent.name, scope, project, environment))
      set_up.server = server_in(agent.name, *file, project);
    if (set_up.server || (told && is_known_by_instructions(agent.name))) agents.push_back(std::move(set_up));
  };
  for (const AgentTarget& agent : mcp_agents()) {
    look(agent, AgentScope::project, project, agent.project_file);
    look(agent, AgentScope::user, environment.home, agent.global_file);
  }
  return agents;
}

void ask_agents(std::vector<AgentSetUp>& agents, const std::filesystem::path& project,
                const Environment& environment, CommandRunner& runner, std::chrono::milliseconds limit) {
  AgentAsking asking(project, environment, runner, limit);
  for (AgentSetUp& agent : agents) {
    if (agent.server) agent.server->answer = asking.ask(agent);
  }
}

}  // namespace ktx::app
