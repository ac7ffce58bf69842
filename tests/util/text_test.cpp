#include "ktx/util/text.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ktx {
namespace {

TEST(Text, FirstLineEndsAtEitherLineBreak) {
  EXPECT_EQ(first_line("one\ntwo"), "one");
  EXPECT_EQ(first_line("one\r\ntwo"), "one");
  EXPECT_EQ(first_line("one"), "one");
  EXPECT_EQ(first_line(""), "");
}

TEST(Text, CommaSeparatedHasNoneAtTheEnds) {
  using namespace std::string_view_literals;
  EXPECT_EQ(comma_separated({}), "");
  EXPECT_EQ(comma_separated(std::array{"a"sv}), "a");
  EXPECT_EQ(comma_separated(std::array{"a"sv, "b"sv, "c"sv}), "a, b, c");
}

}  // namespace
}  // namespace ktx
