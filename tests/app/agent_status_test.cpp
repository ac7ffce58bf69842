#include "ktx/app/agent_status.hpp"

#include <gtest/gtest.h>

#include "fake_command_runner.hpp"
#include "temporary_directory.hpp"

namespace ktx::app {
namespace {

constexpr const char* reply =
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"serverInfo\":{\"name\":\"ktx\",\"version\":\"9.9.9\"}}}\n";

// A project, a home, and a program `ktx` on the PATH that is never started.
class AgentsSetUp : public ::testing::Test {
 protected:
  AgentsSetUp() {
    folder.write("shop/ktx.yaml", "project: shop\n");
    const auto program = folder.write("bin/ktx", "");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    environment.home = folder / "home";
    environment.variables = {{"PATH", (folder / "bin").string()}, {"SECRET", "s"}};
  }

  std::vector<AgentSetUp> asked(test::FakeCommandRunner& runner) const {
    auto agents = agents_set_up(project(), environment);
    ask_agents(agents, project(), environment, runner, std::chrono::seconds(5));
    return agents;
  }

  std::filesystem::path project() const { return folder / "shop"; }

  test::TemporaryDirectory folder;
  Environment environment;
};

TEST_F(AgentsSetUp, AreStartedAsTheAgentsDo) {
  folder.write(
      "shop/.cursor/mcp.json",
      R"({"mcpServers": {"ktx": {"command": "ktx", "args": ["mcp", "stdio", "--project-dir", "${workspaceFolder}"]}}})");
  folder.write("home/.gemini/settings.json",
               R"({"mcpServers": {"ktx": {"command": "ktx", "env": {"A": "b"}}}})");
  test::FakeCommandRunner runner([](const Command&) { return test::exited(0, reply); });
  const auto agents = asked(runner);
  ASSERT_EQ(agents.size(), 2U);
  EXPECT_TRUE(agents[0].ready() && agents[1].ready());
  EXPECT_EQ(agents[0].server->answer->what, "ktx 9.9.9");
  ASSERT_EQ(runner.commands.size(), 2U);
  EXPECT_EQ(runner.commands[0].argv.front(), (folder / "bin/ktx").string());
  EXPECT_EQ(runner.commands[0].argv.back(), project().string());
  EXPECT_EQ(runner.commands[0].directory, project());
  EXPECT_EQ(runner.commands[0].time_limit, std::chrono::seconds(5));
  EXPECT_NE(runner.commands[0].input.find("\"method\":\"initialize\""), std::string::npos);
  EXPECT_EQ(runner.commands[1].environment.at("A"), "b");
  EXPECT_EQ(runner.commands[1].directory, environment.home);
}

TEST_F(AgentsSetUp, AreStartedOnceWhereTheyAreTheSame) {
  folder.write("shop/.mcp.json", R"({"mcpServers": {"ktx": {"command": "ktx"}}})");
  folder.write("shop/.gemini/settings.json", R"({"mcpServers": {"ktx": {"command": "ktx"}}})");
  test::FakeCommandRunner runner([](const Command&) { return test::exited(0, reply); });
  EXPECT_EQ(asked(runner).size(), 3U);
  EXPECT_EQ(runner.commands.size(), 1U);
}

TEST_F(AgentsSetUp, SayWhyTheyDoNotStart) {
  folder.write("shop/.mcp.json", R"({"mcpServers": {"ktx": {"command": "ktx"}}})");
  test::FakeCommandRunner slow([](const Command& command) {
    CommandResult result;
    result.end = CommandResult::End::timed_out;
    result.time_limit = command.time_limit;
    return result;
  });
  const auto agents = asked(slow);
  ASSERT_FALSE(agents.empty());
  EXPECT_FALSE(agents[0].ready());
  EXPECT_EQ(agents[0].server->answer->what, "no answer within 5 s");
  EXPECT_FALSE(agents[0].server->answer->fix.empty());
}

TEST_F(AgentsSetUp, AreNotStartedWithWordsThatOnlyTheAgentKnows) {
  folder.write("shop/.mcp.json", R"({"mcpServers": {"ktx": {"command": "ktx", "args": ["${HOME}"]}}})");
  test::FakeCommandRunner runner([](const Command&) { return test::exited(0, reply); });
  EXPECT_EQ(asked(runner)[0].server->answer->what, "only the agent knows what ${HOME} means");
  EXPECT_TRUE(runner.commands.empty());
}

TEST_F(AgentsSetUp, NameAProjectThatIsGone) {
  folder.write("home/.cursor/mcp.json",
               R"({"mcpServers": {"ktx": {"command": "ktx", "env": {"KTX_PROJECT_DIR": "/gone"}}}})");
  test::FakeCommandRunner runner([](const Command&) { return test::exited(0, reply); });
  const auto agents = asked(runner);
  EXPECT_TRUE(agents[0].is_elsewhere());
  EXPECT_EQ(agents[0].server->answer->what, "there is no ktx.yaml in /gone");
}

TEST_F(AgentsSetUp, AreNoneWithoutFiles) { EXPECT_TRUE(agents_set_up(project(), environment).empty()); }

}  // namespace
}  // namespace ktx::app
