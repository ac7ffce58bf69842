#include "uri_template.hpp"

#include <gtest/gtest.h>

namespace ktx::mcp {
namespace {

TEST(UriTemplate, FindsTheValuesOfItsVariables) {
  EXPECT_EQ(match_uri("ktx://schema", "ktx://schema"), Json::object());
  EXPECT_EQ(match_uri("ktx://source/{connection}/{name}", "ktx://source/shop/orders"),
            Json({{"connection", "shop"}, {"name", "orders"}}));
  EXPECT_EQ(match_uri("ktx://wiki/{+key}", "ktx://wiki/a/b%20c"), Json({{"key", "a/b c"}}));
  EXPECT_EQ(match_uri("test://{id}/data", "test://%C3%A4/data"), Json({{"id", "ä"}}));
}

TEST(UriTemplate, MatchesNothingElse) {
  for (const char* const uri :
       {"", "ktx://source", "ktx://source/", "ktx://source/shop", "ktx://source/shop/", "ktx://source/a/b/c",
        "ktx://source//b", "other://source/a/b", "ktx://source/a/%", "ktx://source/a/%4",
        "ktx://source/a/%zz", "ktx://source/a/%ff", "ktx://source/a/%-1"})
    EXPECT_FALSE(match_uri("ktx://source/{connection}/{name}", uri)) << uri;
  EXPECT_FALSE(match_uri("ktx://schema", "ktx://schema/more"));
}

}  // namespace
}  // namespace ktx::mcp
