#include <gtest/gtest.h>

#include <string>

#include "ktx/util/text.hpp"

namespace ktx {
namespace {

TEST(Utf8, DecodesEveryLength) {
  std::string_view text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  EXPECT_EQ(take_code_point(text), U'a');
  EXPECT_EQ(take_code_point(text), U'\u00E4');
  EXPECT_EQ(take_code_point(text), U'\u20AC');
  EXPECT_EQ(take_code_point(text), U'\U0001F600');
  EXPECT_EQ(take_code_point(text), std::nullopt);
}

TEST(Utf8, FindsTheFirstIllFormedSequence) {
  EXPECT_EQ(first_invalid_utf8("ab\xC3\xA4"), std::nullopt);
  EXPECT_EQ(first_invalid_utf8("ab\xC3"), 2U);            // cut off
  EXPECT_EQ(first_invalid_utf8("\xC0\xAF"), 0U);          // overlong
  EXPECT_EQ(first_invalid_utf8("\xE0\x80\xAF"), 0U);      // overlong
  EXPECT_EQ(first_invalid_utf8("x\xED\xA0\x80"), 1U);     // a surrogate
  EXPECT_EQ(first_invalid_utf8("\xF4\x90\x80\x80"), 0U);  // beyond U+10FFFF
  EXPECT_EQ(first_invalid_utf8("a\x80"), 1U);             // a continuation alone
}

TEST(Utf8, CountsCodePoints) {
  EXPECT_EQ(count_code_points("a\xE2\x82\xAC"
                              "b"),
            3U);
}

}  // namespace
}  // namespace ktx
