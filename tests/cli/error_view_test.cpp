#include "ktx/output/error_view.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

const Error unknown_column_error(ErrorKind::model, "orders.yaml:3:1: there is no column of this name",
                                 "Use one of those that exist", {"a line of a program"});

TEST(ErrorViewTest, IsOneLineEachWithoutATerminal) {
  EXPECT_EQ(render_error(unknown_column_error, {}, std::nullopt),
            "orders.yaml:3:1: there is no column of this name\n"
            "  a line of a program\n"
            "Fix: Use one of those that exist\n");
}

TEST(ErrorViewTest, BreaksBetweenWordsOnATerminal) {
  EXPECT_EQ(render_error(unknown_column_error, {}, 25),
            "orders.yaml:3:1: there is\n"
            "no column of this name\n"
            "  a line of a program\n"
            "Fix: Use one of those\n"
            "that exist\n");
  const std::string coloured = shown(render_error(unknown_column_error, {true, true}, 25), true);
  EXPECT_TRUE(coloured.starts_with("\x1B[1;31morders.yaml:3:1: there is\nno column")) << coloured;
  EXPECT_NE(coloured.find("\x1B[1mFix:\x1B[0m Use one of those\nthat exist\n"), std::string::npos);
}

TEST(ErrorViewTest, TheLinesOfAMessageAreBrokenEachByItself) {
  const Error error(ErrorKind::model, "a.yaml:1:1: a fault\n  did you mean \"b\"?");
  EXPECT_EQ(render_error(error, {}, 80), "a.yaml:1:1: a fault\n  did you mean \"b\"?\n");
  EXPECT_EQ(render_error(error, {}, 15), "a.yaml:1:1: a\nfault\n  did you mean\n  \"b\"?\n");
}

TEST(ErrorViewTest, ACommandStaysOneLineToBeCopied) {
  const Error error(ErrorKind::connection, "no driver", "Run: ktx runtime install --feature postgres --yes");
  EXPECT_EQ(render_error(error, {}, 20),
            "no driver\nFix: Run: ktx runtime install --feature postgres --yes\n");
}

TEST(ErrorViewTest, ACommandThatFitsHasALineOfItsOwn) {
  const Error error(ErrorKind::uv, "uv is required. Install uv and retry: npx ktx runtime install --yes",
                    "Install a CPython with `uv python install 3.14`, then run: ktx runtime install --yes",
                    {"ktx could not fetch uv by itself: nothing has pip"});
  EXPECT_EQ(render_error(error, {}, 40),
            "uv is required. Install uv and retry:\n"
            "npx ktx runtime install --yes\n"
            "  ktx could not fetch uv by itself:\n"
            "  nothing has pip\n"
            "Fix: Install a CPython with\n"
            "`uv python install 3.14`, then run:\n"
            "ktx runtime install --yes\n");
}

TEST(ErrorViewTest, AColonDoesNotMakeACommand) {
  const Error error(ErrorKind::io,
                    "the folder belongs to root: ask for the right to use it, or run ktx as it");
  EXPECT_EQ(render_error(error, {}, 40),
            "the folder belongs to root: ask for the\n"
            "right to use it, or run ktx as it\n");
}

TEST(ErrorViewTest, CommandsToCopyGoOnBehindABackslash) {
  EXPECT_EQ(
      commands_to_copy("  cd shop\n  npx ktx sl query --measure 'orders with blanks.n' --execute\n", 40),
      "  cd shop\n"
      "  npx ktx sl query \\\n"
      "      --measure 'orders with blanks.n' \\\n"
      "      --execute\n");
  EXPECT_EQ(commands_to_copy("  one two three\n", std::nullopt), "  one two three\n");
}

TEST(ErrorViewTest, AMistakeIsSaidAgainBelowALongHelp) {
  EXPECT_EQ(render_misuse("no such option", "1\n2\n3\n", {}, std::nullopt), "no such option\n\n1\n2\n3\n");
  EXPECT_EQ(render_misuse("no such option", "1\n2\n3\n", {}, 6), "no such option\n\n1\n2\n3\n");
  EXPECT_EQ(render_misuse("no such option", "1\n2\n3\n", {}, 5),
            "no such option\n\n1\n2\n3\n\nno such option\n");
}

}  // namespace
}  // namespace ktx::cli
