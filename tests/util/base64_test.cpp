#include <gtest/gtest.h>

#include "ktx/util/text.hpp"

namespace ktx {
namespace {

TEST(Base64, DecodesTheExamplesOfItsStandard) {
  EXPECT_EQ(from_base64(""), "");
  EXPECT_EQ(from_base64("Zg=="), "f");
  EXPECT_EQ(from_base64("Zm8="), "fo");
  EXPECT_EQ(from_base64("Zm9v"), "foo");
  EXPECT_EQ(from_base64("Zm9vYmFy"), "foobar");
  EXPECT_EQ(from_base64("AP8+/w=="), (std::string{'\0', '\xFF', '>', '\xFF'}));
}

TEST(Base64, TakesNothingElse) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg =", "Zm9v\n", "Z===", "====", "Zm9-", "Zg==Zg=="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

}  // namespace
}  // namespace ktx
