#include "ktx/app/agent_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ktx::app {
namespace {

TEST(AgentFiles, NameTheCommandThatThereIs) {
  const std::string text = with_agent_part("AGENTS.md", "", "npx ktx");
  EXPECT_NE(text.find("`npx ktx sl search <words>`; `npx ktx sl list`"), std::string::npos);
  EXPECT_NE(text.find("before running `npx ktx runtime install --yes`"), std::string::npos);
  EXPECT_EQ(text.find("`ktx sl"), std::string::npos);
  // The program's name, and what starts it elsewhere.
  EXPECT_NE(text.find("`ktx` compiles"), std::string::npos);
  EXPECT_NE(text.find("`npx @kaelio/ktx` and `uvx --from kaelio-ktx-cli ktx`"), std::string::npos);
}

TEST(AgentFiles, HaveTheLineBreaksOfTheFile) {
  const std::string rules = "# House rules\r\n\r\nBe kind.\r\n";
  const std::string text = with_agent_part("AGENTS.md", rules, "ktx");
  EXPECT_TRUE(text.starts_with(rules + "\r\n<!-- ktx:agent -->\r\n# Questions"));
  EXPECT_EQ(std::ranges::count(text, '\n'), std::ranges::count(text, '\r'));
  EXPECT_TRUE(text.ends_with("<!-- /ktx:agent -->\r\n"));
  const std::string more = text + "## After\r\n";
  EXPECT_EQ(with_agent_part("AGENTS.md", more, "ktx"), more);
}

TEST(AgentFiles, MendThePartThatAnOlderSetupLeftWithOtherLineBreaks) {
  const std::string part = with_agent_part("AGENTS.md", "", "ktx");
  const std::string text = with_agent_part("AGENTS.md", "# Rules\r\n\r\n" + part + "## After\r\n", "ktx");
  EXPECT_EQ(std::ranges::count(text, '\n'), std::ranges::count(text, '\r'));
  EXPECT_TRUE(text.ends_with("<!-- /ktx:agent -->\r\n## After\r\n"));
}

TEST(AgentFiles, BeginAParagraphOfTheirOwn) {
  const std::string mark = "<!-- ktx:agent -->\n";
  for (const char* before : {"Be kind.", "Be kind.\n", "Be kind.\n\n"}) {
    EXPECT_TRUE(with_agent_part("AGENTS.md", before, "ktx").starts_with("Be kind.\n\n" + mark)) << before;
  }
}

TEST(AgentFiles, AreAsTheyWereWithoutThePart) {
  for (const char* before : {"", "Be kind.\n", "# Rules\r\n\r\nBe kind.\r\n"}) {
    for (const char* file : {"AGENTS.md", "SKILL.md", "ktx.mdc"}) {
      EXPECT_EQ(without_agent_part(file, with_agent_part(file, before, "ktx")), before) << file;
    }
  }
  EXPECT_EQ(without_agent_part("AGENTS.md", "a\n<!-- ktx:agent -->\nmine\n"), "a\nmine\n");
}

}  // namespace
}  // namespace ktx::app
