#include "ktx/util/digest.hpp"

#include <gtest/gtest.h>

#include <string>

#include "ktx/util/error.hpp"
#include "temporary_directory.hpp"

namespace ktx {
namespace {

TEST(Digest, KnowsTheStandardVectors) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, IsWrittenAsRecordFilesHaveIt) {
  EXPECT_EQ(base64url(sha256("abc")), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
}

TEST(Digest, ReadsAFileLargerThanItsBuffer) {
  const test::TemporaryDirectory directory;
  const std::string million(1'000'000, 'a');
  test::write_file(directory / "million", million);
  EXPECT_EQ(hex(sha256_of_file(directory / "million")),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(sha256(million), sha256_of_file(directory / "million"));
}

TEST(Digest, NamesTheFileThatCannotBeRead) {
  const test::TemporaryDirectory directory;
  EXPECT_THROW(sha256_of_file(directory / "none"), Error);
  EXPECT_THROW(sha256_of_file(directory.path()), Error);
}

}  // namespace
}  // namespace ktx
