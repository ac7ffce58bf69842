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

TEST(Digest, OfAKeyKnowsTheVectorsOfRfc4231) {
  EXPECT_EQ(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
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
