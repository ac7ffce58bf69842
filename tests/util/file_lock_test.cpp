#include "ktx/util/file_lock.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "ktx/util/error.hpp"
#include "ktx/util/interrupt.hpp"
#include "temporary_directory.hpp"

namespace ktx {
namespace {

/// A process that does `body` and ends; the test's process can go on beside it.
template <typename Body>
pid_t start_process(Body body) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    body();
    ::_exit(0);
  }
  return pid;
}

int exit_status(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(FileLock, AFileSystemWithoutLocksIsNamed) {
  for (const int number : {ENOLCK, ENOSYS, EBADF, EOPNOTSUPP}) {
    const Error error = lock_error("/x/lock", number);
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_TRUE(error.message().starts_with("Cannot lock /x/lock: "));
    EXPECT_TRUE(error.message().ends_with("(its file system does not support locks)")) << error.message();
    EXPECT_FALSE(error.fix().empty());
  }
  EXPECT_EQ(lock_error("/x/lock", EIO).message(), "Cannot lock /x/lock: Input/output error");
}

TEST(FileLock, ExcludesAndShares) {
  const test::TemporaryDirectory directory;
  {
    const auto first = FileLock::try_acquire(directory / "lock", LockMode::shared);
    EXPECT_TRUE(first);
    EXPECT_TRUE(FileLock::try_acquire(directory / "lock", LockMode::shared));
    EXPECT_FALSE(FileLock::try_acquire(directory / "lock", LockMode::exclusive));
  }
  const auto exclusive = FileLock::try_acquire(directory / "lock", LockMode::exclusive);
  EXPECT_TRUE(exclusive);
  EXPECT_FALSE(FileLock::try_acquire(directory / "lock", LockMode::shared));
}

TEST(FileLock, IsReleasedWhenItsHolderIsKilled) {
  const test::TemporaryDirectory directory;
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(ready.data()), 0);
  const pid_t holder = start_process([&] {
    const auto lock = FileLock::try_acquire(directory / "lock", LockMode::exclusive);
    [[maybe_unused]] const auto count = ::write(ready[1], lock ? "y" : "n", 1);
    ::pause();
  });
  char answer = 0;
  ASSERT_EQ(::read(ready[0], &answer, 1), 1);
  ASSERT_EQ(answer, 'y');
  EXPECT_FALSE(FileLock::try_acquire(directory / "lock", LockMode::exclusive));
  ASSERT_TRUE(lock_holder(directory / "lock"));
  EXPECT_EQ(lock_holder(directory / "lock")->pid, holder);
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  EXPECT_EQ(lock_holder(directory / "lock")->host, host.data());
  ::kill(holder, SIGKILL);
  exit_status(holder);
  EXPECT_TRUE(FileLock::try_acquire(directory / "lock", LockMode::exclusive));
}

TEST(FileLock, AWaiterLearnsTheHolderAndGoesOnAfterIt) {
  const test::TemporaryDirectory directory;
  std::array<int, 2> go{};
  std::array<int, 2> waiting{};
  ASSERT_EQ(::pipe(go.data()), 0);
  ASSERT_EQ(::pipe(waiting.data()), 0);
  const pid_t test_process = ::getpid();
  // Started before the lock is taken: a fork would inherit the lock with its descriptor.
  const pid_t waiter = start_process([&] {
    char start = 0;
    [[maybe_unused]] const auto started = ::read(go[0], &start, 1);
    const auto lock = FileLock::acquire(directory / "lock", LockMode::exclusive, [&](const auto& holder) {
      [[maybe_unused]] const auto count = ::write(waiting[1], holder->pid == test_process ? "y" : "n", 1);
    });
  });
  auto held = FileLock::try_acquire(directory / "lock", LockMode::exclusive);
  ASSERT_EQ(::write(go[1], "g", 1), 1);
  char answer = 0;
  ASSERT_EQ(::read(waiting[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  held.reset();
  EXPECT_EQ(exit_status(waiter), 0);
}

TEST(FileLock, TheHolderIsReadFromWhateverIsThere) {
  const test::TemporaryDirectory directory;
  const auto holder_of = [&](const char* text) { return lock_holder(directory.write("lock", text)); };
  EXPECT_EQ(holder_of("123 host-b.example\n"), (LockHolder{123, "host-b.example"}));
  EXPECT_EQ(holder_of("123\n"), (LockHolder{123, ""})) << "as earlier versions wrote it";
  EXPECT_EQ(holder_of("123 \x1b[2Jhost\n"), (LockHolder{123, ""})) << "nothing that steers a terminal";
  EXPECT_EQ(holder_of("123 two words\n"), (LockHolder{123, ""}));
  EXPECT_EQ(holder_of("-5 host\n"), std::nullopt);
  EXPECT_EQ(holder_of("host 123\n"), std::nullopt);
  EXPECT_EQ(holder_of(""), std::nullopt);
  EXPECT_EQ(lock_holder(directory / "none"), std::nullopt);
}

TEST(FileLock, AWaiterCanBeInterrupted) {
  const test::TemporaryDirectory directory;
  const auto held = FileLock::try_acquire(directory / "lock", LockMode::exclusive);
  const pid_t waiter = start_process([&] {
    try {
      const auto lock =
          FileLock::acquire(directory / "lock", LockMode::exclusive, [](const auto&) { ::raise(SIGTERM); });
    } catch (const Error& error) {
      ::_exit(error.kind() == ErrorKind::interrupted ? interrupt_exit_code() : 1);
    }
  });
  EXPECT_EQ(exit_status(waiter), 143);
}

TEST(FileLock, SharingNeverCreatesTheFile) {
  const test::TemporaryDirectory directory;
  EXPECT_FALSE(FileLock::share_existing(directory / "lock"));
  EXPECT_FALSE(std::filesystem::exists(directory / "lock"));
  FileLock::try_acquire(directory / "lock", LockMode::exclusive);
  const auto shared = FileLock::share_existing(directory / "lock");
  EXPECT_TRUE(shared);
  EXPECT_FALSE(FileLock::try_acquire(directory / "lock", LockMode::exclusive));
}

}  // namespace
}  // namespace ktx
