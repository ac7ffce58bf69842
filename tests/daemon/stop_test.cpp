#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "daemon_fixture.hpp"
#include "ktx/daemon/running_host.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::daemon {
namespace {

class Stop : public ::testing::Test {
 protected:
  test::DaemonFixture fixture_;
  const runtime::Layout& layout_ = fixture_.layout;
};

TEST_F(Stop, HasNothingToDoWithoutAState) {
  EXPECT_EQ(stop_host(layout_, {}).kind, StopKind::none);
  EXPECT_FALSE(path_exists(layout_.daemons_dir));
  make_daemon_directory(layout_);
  EXPECT_EQ(stop_host(layout_, {}).kind, StopKind::none);
}

TEST_F(Stop, NeverSignalsAProcessThatGotThePidLater) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) ::pause();
  }
  State state = test::DaemonFixture::state();
  state.process.pid = child;
  state.process.start_time = 1;  // the host's; the child started later
  fixture_.write(state);
  const StopResult result = stop_host(layout_, {});
  EXPECT_EQ(result.kind, StopKind::stale);
  EXPECT_EQ(result.detail, "its process " + std::to_string(child) + " has ended");
  EXPECT_FALSE(path_exists(layout_.daemon_state_path));
  EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << "the child was ended";
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_F(Stop, EndsAHostThatDoesNotAnswer) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) ::pause();
  }
  State state = test::DaemonFixture::state();
  state.process.pid = child;
  state.process.start_time = start_time_of(read_file("/proc/" + std::to_string(child) + "/stat")).value();
  state.port = 9;  // where nobody listens
  fixture_.write(state);
  EXPECT_EQ(stop_host(layout_, {}).kind, StopKind::stopped);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

TEST_F(Stop, RemovesAStateThatCannotBeRead) {
  make_daemon_directory(layout_);
  test::write_file(layout_.daemon_state_path, "{");
  EXPECT_EQ(stop_host(layout_, {}).kind, StopKind::stale);
  EXPECT_FALSE(path_exists(layout_.daemon_state_path));
}

}  // namespace
}  // namespace ktx::daemon
