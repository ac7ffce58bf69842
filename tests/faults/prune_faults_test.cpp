#include <gtest/gtest.h>

#include "failures.hpp"
#include "faults_fixture.hpp"
#include "ktx/check/prune.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::test {
namespace {

class PruneFaultsTest : public testing::TestWithParam<Failure> {
 protected:
  /// A version of an older ktx: two files, so that half of it can be told from all of it.
  static void add_version(const FaultsFixture& fixture, const char* version) {
    write_file(fixture.layout.runtime_root / version / "manifest.json", "{}");
    write_file(fixture.layout.runtime_root / version / "env-1/bin/python", "");
  }

  static void expect_all_or_nothing(const FaultsFixture& fixture, const char* version) {
    const auto directory = fixture.layout.runtime_root / version;
    EXPECT_EQ(path_exists(directory), path_exists(directory / "manifest.json")) << version;
    EXPECT_EQ(path_exists(directory), path_exists(directory / "env-1/bin/python")) << version;
  }
};

TEST_P(PruneFaultsTest, RemovesAVersionOrLeavesItWhole) {
  std::size_t call = 0;
  for (std::string failed = "none yet"; !failed.empty();) {
    FaultsFixture fixture;
    fixture.install();
    for (const char* version : {"0.1.0", "0.1.1"}) add_version(fixture, version);
    const Attempt attempt = FaultsFixture::attempt({++call, GetParam().error, GetParam().is_lasting},
                                                   [&] { runtime::prune(fixture.layout, false); });
    failed = attempt.failed;
    SCOPED_TRACE("call " + std::to_string(call) + ": " + failed);
    EXPECT_EQ(attempt.complaint, "");
    EXPECT_TRUE(fixture.works()) << fixture.status();
    for (const char* version : {"0.1.0", "0.1.1"}) expect_all_or_nothing(fixture, version);
    runtime::prune(fixture.layout, false);
    EXPECT_EQ(fixture.leftovers(), "");
    EXPECT_TRUE(fixture.works()) << fixture.status();
  }
  EXPECT_GT(call, 15U);
}

INSTANTIATE_TEST_SUITE_P(Prune, PruneFaultsTest, failures, failure_name);

}  // namespace
}  // namespace ktx::test
