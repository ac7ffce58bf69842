#include <gtest/gtest.h>

#include "ktx/terminal/pager.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {
namespace {

Environment with(std::map<std::string, std::string> variables) {
  Environment environment;
  environment.variables = std::move(variables);
  return environment;
}

TEST(Colour, OneOrderOfVariables) {
  EXPECT_TRUE(choose_style(with({{"TERM", "xterm"}}), true).colour());
  EXPECT_FALSE(choose_style(with({{"TERM", "xterm"}}), false).colour());
  EXPECT_FALSE(choose_style(with({{"TERM", "dumb"}}), true).colour());
  EXPECT_FALSE(choose_style(with({}), true).colour());
  EXPECT_FALSE(choose_style(with({{"TERM", "xterm"}, {"CLICOLOR", "0"}}), true).colour());
  EXPECT_TRUE(choose_style(with({{"TERM", "xterm"}, {"CLICOLOR", "1"}, {"NO_COLOR", ""}}), true).colour());
  EXPECT_TRUE(choose_style(with({{"CLICOLOR_FORCE", "1"}, {"CLICOLOR", "0"}}), false).colour());
  EXPECT_FALSE(choose_style(with({{"CLICOLOR_FORCE", "0"}}), false).colour());
  EXPECT_FALSE(choose_style(with({{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}), true).colour());
}

TEST(Colour, WithoutItTextIsAsItIs) {
  EXPECT_EQ(Style().error("x"), "x");
  EXPECT_EQ(shown(Style(true, true).dim("NULL"), true), "\x1B[2mNULL\x1B[0m");
  EXPECT_EQ(Style(true, true).bold(""), "");
}

TEST(Unicode, IsTheLocales) {
  EXPECT_TRUE(choose_style(with({{"LANG", "de_DE.UTF-8"}}), true).unicode());
  EXPECT_FALSE(choose_style(with({{"LC_ALL", "C"}, {"LANG", "de_DE.UTF-8"}}), true).unicode());
  EXPECT_TRUE(choose_style(with({{"LC_CTYPE", "C.utf8"}}), true).unicode());
  EXPECT_FALSE(choose_style(with({}), true).unicode());
}

TEST(Pager, IsTheUsers) {
  EXPECT_EQ(choose_pager(with({{"KTX_PAGER", "most -s"}, {"PAGER", "more"}})), "most -s");
  EXPECT_EQ(choose_pager(with({{"PAGER", "more"}})), "more");
  EXPECT_FALSE(choose_pager(with({{"KTX_PAGER", ""}, {"PAGER", "more"}})));
  EXPECT_FALSE(choose_pager(with({{"KTX_PAGER", "cat"}, {"PAGER", "more"}})));
  EXPECT_FALSE(choose_pager(with({{"TERM", "xterm"}, {"PATH", "/nowhere"}})));
  EXPECT_FALSE(choose_pager(with({{"TERM", "dumb"}, {"PATH", "/usr/bin:/bin"}})));
}

}  // namespace
}  // namespace ktx::cli
