#include "ktx/util/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace ktx {
namespace {

TEST(Error, CarriesWhatHappenedAndWhatToDo) {
  const Error error(ErrorKind::uv, "uv is missing", "install uv");
  EXPECT_EQ(error.kind(), ErrorKind::uv);
  EXPECT_EQ(error.message(), "uv is missing");
  EXPECT_EQ(error.fix(), "install uv");
  EXPECT_STREQ(error.what(), "uv is missing");
  EXPECT_TRUE(error.details().empty());
  EXPECT_EQ(Error(ErrorKind::uv, "m", "", {"said one", "said two"}).details().size(), 2U);
}

TEST(Error, OnlyUsageAndInterruptionHaveExitCodesOfTheirOwn) {
  EXPECT_EQ(exit_code(ErrorKind::usage), 2);
  EXPECT_EQ(exit_code(ErrorKind::interrupted), 130);
  EXPECT_EQ(exit_code(ErrorKind::query), 1);
  EXPECT_EQ(exit_code(ErrorKind::internal), 1);
}

TEST(Error, OfTheSystemNamesThePathAndTheReason) {
  const Error error = system_error("Cannot read", "/a b/c", EACCES);
  EXPECT_EQ(error.kind(), ErrorKind::io);
  EXPECT_EQ(error.message(), "Cannot read /a b/c: Permission denied");
}

}  // namespace
}  // namespace ktx
