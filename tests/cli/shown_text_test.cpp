#include "ktx/terminal/shown_text.hpp"

#include <gtest/gtest.h>

#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {
namespace {

TEST(ShownText, KeepsLinesAndTabsAndWhatPeopleWrite) {
  for (const std::string text : {"a\tb\nc\n", "Gr\u00F6\u00DFe \u2014 \u65E5\u672C \u05D0", ""}) {
    EXPECT_EQ(shown(text, false), text);
    EXPECT_EQ(shown(text, true), text);
  }
}

TEST(ShownText, EscapesWhatSteersATerminal) {
  EXPECT_EQ(shown("\x1B]0;owned\a\x1B[2J", true), "\\u001b]0;owned\\u0007\\u001b[2J");
  EXPECT_EQ(shown("a\rb\x7F", true), "a\\rb\\u007f");
  EXPECT_EQ(shown("\u009B31m", true), "\\u009b31m");
  // C1 as one byte, which is no UTF-8.
  EXPECT_EQ(shown("\x9B"
                  "31m",
                  true),
            "\uFFFD31m");
  for (const std::string mark : {"\u202A", "\u202E", "\u2066", "\u2069"}) {
    EXPECT_EQ(shown(mark, true).substr(0, 3), "\\u2") << shown(mark, true);
    EXPECT_EQ(printable(mark), shown(mark, false));
  }
  EXPECT_EQ(printable("a\nb\u202E"), "a\\nb\\u202e");
}

TEST(ShownText, OnlyAStyleGivesColour) {
  const std::string red = Style(true, true).error("a\x1B[0mb");
  EXPECT_EQ(shown(red, true), "\x1B[1;31ma\\u001b[0mb\x1B[0m");
  // Our own mark in a text of others: never where there is no colour, nor without a code behind it, and never
  // from what was `printable`.
  const std::string forged = std::string(emphasis_mark) + "31m";
  EXPECT_EQ(shown(forged, false), "\\ufdd031m");
  EXPECT_EQ(shown(std::string(emphasis_mark) + "2J", true), "\\ufdd02J");
  EXPECT_EQ(shown(printable(forged), true), "\\ufdd031m");
}

}  // namespace
}  // namespace ktx::cli
