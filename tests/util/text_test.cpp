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

TEST(Text, IsSingleSpaced) {
  EXPECT_EQ(single_spaced(""), "");
  EXPECT_EQ(single_spaced(" \t\n"), "");
  EXPECT_EQ(single_spaced("a b"), "a b");
  EXPECT_EQ(single_spaced("\ta \r\n\v\f b  "), "a b");
}

TEST(EditDistance, CountsEditsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("table", "tabel"), 1U);
  EXPECT_EQ(edit_distance("customers", "custmer"), 2U);
  EXPECT_EQ(edit_distance("a", "A"), 1U);
}

TEST(Text, AFileUrlKeepsEveryCharacterOfThePath) {
  EXPECT_EQ(file_url("/tmp/plain-1.0_x~"), "file:///tmp/plain-1.0_x~");
  EXPECT_EQ(file_url("/a #;,?%${X}/ü"), "file:///a%20%23%3B%2C%3F%25%24%7BX%7D/%C3%BC");
}

}  // namespace
}  // namespace ktx
