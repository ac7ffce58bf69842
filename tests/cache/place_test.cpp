#include <gtest/gtest.h>

#include "ktx/cache/store.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cache {
namespace {

Environment user(std::map<std::string, std::string> variables) {
  Environment environment;
  environment.home = "/home/user";
  environment.variables = std::move(variables);
  return environment;
}

TEST(CachePlace, IsWhereThePlatformKeepsCaches) {
  EXPECT_EQ(cache_directory(user({})), "/home/user/.cache/ktx");
  Environment mac = user({});
  mac.platform = Platform::macos;
  EXPECT_EQ(cache_directory(mac), "/home/user/Library/Caches/ktx");
}

TEST(CachePlace, CanBeChosen) {
  EXPECT_EQ(cache_directory(user({{"XDG_CACHE_HOME", "/var/xdg"}})), "/var/xdg/ktx");
  EXPECT_EQ(cache_directory(user({{"XDG_CACHE_HOME", "/var/xdg"}, {"KTX_CACHE_DIR", "/own"}})), "/own");
  EXPECT_EQ(cache_directory(user({{"XDG_CACHE_HOME", "relative"}})), "/home/user/.cache/ktx");
  EXPECT_THROW(cache_directory(user({{"KTX_CACHE_DIR", "relative"}})), Error);
}

TEST(CachePlace, IsNowhereWithoutAHome) { EXPECT_EQ(cache_directory(Environment{}), std::nullopt); }

}  // namespace
}  // namespace ktx::cache
