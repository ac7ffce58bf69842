#include "ktx/util/shell_words.hpp"

#include <gtest/gtest.h>

#include "ktx/util/subprocess.hpp"

namespace ktx {
namespace {

// Words that people's folders and names have, each with something that a shell takes for itself.
const std::vector<std::string> odd_words = {
    "plain",  "",      "two words", "it's",     "a \"quote\"", "$HOME", "`id`",    "back\\slash", "50%",
    "a;b",    "~ann",  "*",         "[ab]?",    "#no comment", "a&b|c", "x=1",     "{a,b}",       "wow!",
    "ümlaut", "-flag", "tab\tin",   "line\nin", "it's \"$x\"", "<in>",  "(paren)", "don't!",      "~"};

std::string as_shell_reads(const std::string& words) {
  return ProcessRunner().run({.argv = {"/bin/sh", "-c", "printf '%s|' " + words}}).out;
}

TEST(ShellWords, AShellReadsExactlyTheWords) {
  std::string expected;
  for (const std::string& word : odd_words) expected += word + "|";
  EXPECT_EQ(as_shell_reads(shell_command(odd_words)), expected);
}

TEST(ShellWords, SingleQuotedOnesHaveNoDoubleQuotesOfTheirOwn) {
  for (const std::string& word : odd_words) {
    EXPECT_EQ(as_shell_reads(single_quoted(word)), word + "|");
    if (word.find('"') == std::string::npos) {
      EXPECT_EQ(single_quoted(word).find('"'), std::string::npos) << word;
    }
  }
}

TEST(ShellWords, AreReadAsTheyAreQuoted) {
  for (const char* word : {"ktx", "/opt/my tools/ktx", "it's", "", "a\\b", "$(x)"}) {
    EXPECT_EQ(words_of_command("npx " + single_quoted(word) + " -y"),
              (std::vector<std::string>{"npx", word, "-y"}));
  }
  EXPECT_TRUE(words_of_command("  ").empty());
}

}  // namespace
}  // namespace ktx
