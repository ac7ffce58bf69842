#include <gtest/gtest.h>

#include "failures.hpp"
#include "faults_fixture.hpp"

namespace ktx::test {
namespace {

/// Every install makes more calls than this; fewer mean that the tests see none.
constexpr std::size_t fewest_calls_of_an_install = 80;

class InstallFaultsTest : public testing::TestWithParam<Failure> {
 protected:
  static Fault fault_of(std::size_t call) { return {call, GetParam().error, GetParam().is_lasting}; }
};

TEST_P(InstallFaultsTest, AFirstInstallLeavesAllOrNothing) {
  std::size_t call = 0;
  for (std::string failed = "none yet"; !failed.empty();) {
    FaultsFixture fixture;
    const Attempt attempt = FaultsFixture::attempt(fault_of(++call), [&] { fixture.install(); });
    failed = attempt.failed;
    SCOPED_TRACE("call " + std::to_string(call) + ": " + failed);
    EXPECT_EQ(attempt.complaint, "");
    EXPECT_EQ(fixture.works(), attempt.has_succeeded) << fixture.status();
    EXPECT_EQ(fixture.status().starts_with("missing"), !attempt.has_succeeded) << fixture.status();
    fixture.expect_recovery();
  }
  EXPECT_GT(call, fewest_calls_of_an_install);
}

TEST_P(InstallFaultsTest, AnInstallOverAWorkingRuntimeLeavesOneThatWorks) {
  std::size_t call = 0;
  for (std::string failed = "none yet"; !failed.empty();) {
    FaultsFixture fixture;
    fixture.install();
    const Attempt attempt = FaultsFixture::attempt(fault_of(++call), [&] { fixture.install(true); });
    failed = attempt.failed;
    SCOPED_TRACE("call " + std::to_string(call) + ": " + failed);
    EXPECT_EQ(attempt.complaint, "");
    EXPECT_TRUE(fixture.works()) << fixture.status();
    fixture.expect_recovery();
  }
  EXPECT_GT(call, fewest_calls_of_an_install);
}

INSTANTIATE_TEST_SUITE_P(Install, InstallFaultsTest, failures, failure_name);

}  // namespace
}  // namespace ktx::test
