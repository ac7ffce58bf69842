#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "faults_fixture.hpp"
#include "ktx/check/prune.hpp"

namespace ktx::test {
namespace {

/// Every install makes more calls than this; fewer mean that the tests see none.
constexpr std::size_t fewest_calls = 80;

/// Whether a process of its own, which does `action`, was killed just before its `call`th call: there are
/// as many.
bool is_killed(std::size_t call, const std::function<void()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    const FaultInjection injection({.call = call, .error = Fault::killed});
    action();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  EXPECT_TRUE(killed || status == 0) << status;
  return killed;
}

TEST(Killed, AFirstInstallIsMendedByTheNext) {
  std::size_t call = 0;
  for (bool killed = true; killed;) {
    FaultsFixture fixture;
    killed = is_killed(++call, [&] { fixture.install(); });
    SCOPED_TRACE("before call " + std::to_string(call));
    EXPECT_NE(fixture.works(), fixture.status().starts_with("missing")) << fixture.status();
    fixture.expect_recovery();
  }
  EXPECT_GT(call, fewest_calls);
}

TEST(Killed, AnInstallOverAWorkingRuntimeLeavesOneThatWorks) {
  std::size_t call = 0;
  for (bool killed = true; killed;) {
    FaultsFixture fixture;
    fixture.install();
    killed = is_killed(++call, [&] { fixture.install(true); });
    SCOPED_TRACE("before call " + std::to_string(call));
    EXPECT_TRUE(fixture.works()) << fixture.status();
    fixture.expect_recovery();
  }
  EXPECT_GT(call, fewest_calls);
}

TEST(Killed, APruneIsEndedByTheNext) {
  std::size_t call = 0;
  for (bool killed = true; killed;) {
    FaultsFixture fixture;
    fixture.install();
    write_file(fixture.layout.runtime_root / "0.1.0/manifest.json", "{}");
    killed = is_killed(++call, [&] { runtime::prune(fixture.layout, false); });
    SCOPED_TRACE("before call " + std::to_string(call));
    EXPECT_TRUE(fixture.works()) << fixture.status();
    runtime::prune(fixture.layout, false);
    EXPECT_EQ(fixture.leftovers(), "");
  }
  EXPECT_GT(call, 10U);
}

}  // namespace
}  // namespace ktx::test
