#include "ktx/app/agent_settings.hpp"

#include <gtest/gtest.h>

#include "temporary_directory.hpp"

namespace ktx::app {
namespace {

namespace fs = std::filesystem;

Environment machine(Platform platform) {
  Environment environment;
  environment.platform = platform;
  environment.home = "/home/ann";
  environment.executable = "/opt/ktx/bin/ktx";
  return environment;
}

std::string place(std::string_view agent, AgentScope scope, const Environment& environment) {
  return mcp_file(agent, scope, "/shop", environment).value_or("none").string();
}

TEST(AgentSettings, LieWhereTheAgentLooks) {
  const Environment linux_machine = machine(Platform::linux_like);
  EXPECT_EQ(place("claude-code", AgentScope::project, linux_machine), "/shop/.mcp.json");
  EXPECT_EQ(place("universal", AgentScope::project, linux_machine), "/shop/.mcp.json");
  EXPECT_EQ(place("claude-code", AgentScope::user, linux_machine), "/home/ann/.claude.json");
  EXPECT_EQ(place("codex", AgentScope::user, linux_machine), "/home/ann/.codex/config.toml");
  EXPECT_EQ(place("vscode", AgentScope::user, linux_machine), "/home/ann/.config/Code/User/mcp.json");
  EXPECT_EQ(place("opencode", AgentScope::user, linux_machine), "/home/ann/.config/opencode/opencode.json");
  EXPECT_EQ(place("universal", AgentScope::user, linux_machine), "none");
  EXPECT_EQ(place("claude-desktop", AgentScope::project, linux_machine), "none");
  const std::string file = "Claude/claude_desktop_config.json";
  EXPECT_EQ(place("claude-desktop", AgentScope::user, linux_machine), "/home/ann/.config/" + file);
  EXPECT_EQ(place("claude-desktop", AgentScope::user, machine(Platform::macos)),
            "/home/ann/Library/Application Support/" + file);
  EXPECT_EQ(place("claude-desktop", AgentScope::user, machine(Platform::windows)),
            "/home/ann/AppData/Roaming/" + file);
}

TEST(AgentSettings, LieWhereVariablesSay) {
  Environment environment = machine(Platform::linux_like);
  environment.variables = {
      {"CODEX_HOME", "/c"}, {"XDG_CONFIG_HOME", "/x"}, {"CLAUDE_CONFIG_DIR", "relative"}};
  EXPECT_EQ(place("codex", AgentScope::user, environment), "/c/config.toml");
  EXPECT_EQ(place("vscode", AgentScope::user, environment), "/x/Code/User/mcp.json");
  EXPECT_EQ(place("claude-code", AgentScope::user, environment), "/home/ann/.claude.json");
  environment.home.clear();
  EXPECT_EQ(place("cursor", AgentScope::user, environment), "none");
}

std::vector<std::string> words(std::string_view agent, AgentScope scope, const Environment& environment) {
  return mcp_command(agent, scope, "/my shop", environment).words;
}

TEST(AgentSettings, StartKtxAsItWasStarted) {
  const Environment environment = machine(Platform::linux_like);
  using Words = std::vector<std::string>;
  EXPECT_EQ(words("claude-code", AgentScope::project, environment), (Words{"ktx", "mcp", "stdio"}));
  EXPECT_EQ(words("vscode", AgentScope::project, environment),
            (Words{"ktx", "mcp", "stdio", "--project-dir", "${workspaceFolder}"}));
  EXPECT_EQ(words("gemini", AgentScope::user, environment),
            (Words{"ktx", "mcp", "stdio", "--project-dir", "/my shop"}));
  EXPECT_EQ(words("claude-desktop", AgentScope::user, environment).front(), "/opt/ktx/bin/ktx");
}

TEST(AgentSettings, AnswerForTheAgentWhatNpxAsks) {
  const test::TemporaryDirectory folder;
  Environment environment = machine(Platform::linux_like);
  environment.executable = "/home/ann/.npm/_npx/1/node_modules/@kaelio/ktx-linux-x64-gnu/bin/ktx";
  environment.variables = {{"KTX_LAUNCHER", "/home/ann/.npm/_npx/1/node_modules/@kaelio/ktx/bin/ktx"},
                           {"npm_config_user_agent", "npm/11.0.0"},
                           {"PATH", folder.path().string()}};
  EXPECT_EQ(words("codex", AgentScope::project, environment),
            (std::vector<std::string>{"npx", "-y", "@kaelio/ktx", "mcp", "stdio"}));
  const fs::path npx = folder.write("npx", "#!/bin/sh\n");
  fs::permissions(npx, fs::perms::owner_all);
  const AgentCommand command = mcp_command("claude-desktop", AgentScope::user, "/shop", environment);
  EXPECT_EQ(command.words.front(), npx.string());
  EXPECT_TRUE(command.variables.at("PATH").starts_with(folder.path().string() + ":"));
}

TEST(AgentSettings, HaveThePathThatOpencodeReads) {
  const auto path = [](std::string_view text) { return mcp_entry_path("opencode", text, "f").names; };
  const std::vector<std::string> first = {"mcp", "ktx"};
  const std::vector<std::string> second = {"mcp", "servers", "ktx"};
  EXPECT_EQ(path(""), first);
  EXPECT_EQ(path("{\"mcp\": {}}"), first);
  EXPECT_EQ(path("{\"mcp\": {\"servers\": {}}}"), second);
  EXPECT_EQ(path("{\"mcp\": {\"ktx\": {}, \"servers\": {}}}"), first);
  EXPECT_EQ(path("{\"mcp\": {\"ktx\": {}, \"servers\": {\"ktx\": {}}}}"), second);
  EXPECT_EQ(path("{\"mcp\": {\"servers\": {\"type\": \"local\", \"command\": []}}}"), first);
}

TEST(AgentSettings, AreReadAsTheyAreWritten) {
  const AgentCommand command = {{"npx", "ktx", "mcp"}, {{"A", "b"}}};
  for (const std::string& agent : mcp_agent_names()) {
    const auto path = mcp_entry_path(agent, "", "f");
    const std::string text = settings::entry_alone(path, mcp_entry(agent, path, command));
    const auto entry = settings::find_entry(text, "f", path);
    ASSERT_TRUE(entry) << agent;
    const auto read = command_of_entry(*entry);
    ASSERT_TRUE(read) << agent;
    EXPECT_EQ(read->words, command.words) << agent;
  }
  EXPECT_FALSE(command_of_entry(Json{{"url", "http://127.0.0.1:1/mcp"}}));
  EXPECT_FALSE(command_of_entry(Json{{"command", 7}}));
  EXPECT_FALSE(command_of_entry(Json("text")));
}

}  // namespace
}  // namespace ktx::app
