#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "ktx/util/filesystem.hpp"
#include "ktx/util/process.hpp"

namespace ktx {
namespace {

/// A child that waits for a signal.
class Child {
 public:
  Child() : pid_(::fork()) {
    if (pid_ != 0) return;
    for (;;) ::pause();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    wait();
  }

  ProcessIdentity identity() const {
    ProcessIdentity identity = own_identity();
    identity.pid = pid_;
    identity.start_time = start_time_of(read_file("/proc/" + std::to_string(pid_) + "/stat")).value();
    return identity;
  }

  /// The signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

 private:
  pid_t pid_;
};

TEST(StartTime, IsReadBehindAnyName) {
  const std::string after = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21";
  EXPECT_EQ(start_time_of("12 (sleep)" + after), 4711U);
  EXPECT_EQ(start_time_of("12 (a b) c (d) 99)" + after), 4711U);
  EXPECT_EQ(start_time_of("12 (sleep) S 1 2"), std::nullopt);
  EXPECT_EQ(start_time_of(""), std::nullopt);
}

TEST(Process, IsFoundByItsWholeIdentity) {
  const Child child;
  EXPECT_TRUE(Process::find(child.identity()));
  EXPECT_TRUE(Process::find(own_identity()));
}

TEST(Process, IsNotTheOneThatHadItsPidBefore) {
  const Child child;
  ProcessIdentity earlier = child.identity();
  --earlier.start_time;
  EXPECT_FALSE(Process::find(earlier));
}

TEST(Process, IsNotOneOfAnotherBootOrContainer) {
  const Child child;
  ProcessIdentity before_restart = child.identity();
  before_restart.boot_id = "00000000-0000-0000-0000-000000000000";
  EXPECT_FALSE(Process::find(before_restart));
  ProcessIdentity elsewhere = child.identity();
  elsewhere.pid_namespace = "pid:[1]";
  EXPECT_FALSE(Process::find(elsewhere));
}

TEST(Process, HasEndedWhenNobodyHasWaitedForItYet) {
  const Child child;
  const ProcessIdentity identity = child.identity();
  const auto process = Process::find(identity);
  ASSERT_TRUE(process);
  EXPECT_FALSE(process->wait_for_end(std::chrono::milliseconds(0)));
  process->signal(SIGKILL);
  EXPECT_TRUE(process->wait_for_end(std::chrono::minutes(1)));
  EXPECT_FALSE(Process::find(identity));
}

TEST(Process, TakesASignalAndLaterOnesAreNoError) {
  Child child;
  const auto process = Process::find(child.identity());
  ASSERT_TRUE(process);
  process->signal(SIGTERM);
  EXPECT_EQ(child.wait(), SIGTERM);
  process->signal(SIGTERM);
}

}  // namespace
}  // namespace ktx
