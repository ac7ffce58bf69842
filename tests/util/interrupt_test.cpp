#include "ktx/util/interrupt.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>

#include "ktx/util/error.hpp"

namespace ktx {
namespace {

TEST(InterruptDeathTest, EndsTheProcessAtOnce) {
  EXPECT_EXIT((exit_on_interrupt(), ::raise(SIGINT)), testing::ExitedWithCode(130), "");
  EXPECT_EXIT((exit_on_interrupt(), ::raise(SIGTERM)), testing::ExitedWithCode(143), "");
  EXPECT_EXIT((exit_on_interrupt(), ::raise(SIGHUP)), testing::ExitedWithCode(129), "");
}

TEST(Interrupt, IsRecordedAndThrownWhereItIsSafe) {
  const InterruptGuard guard;
  EXPECT_NO_THROW(throw_if_interrupted());
  ::raise(SIGTERM);
  pollfd descriptor{interrupt_descriptor(), POLLIN, 0};
  EXPECT_EQ(::poll(&descriptor, 1, 0), 1);
  EXPECT_THROW(throw_if_interrupted(), Error);
  EXPECT_EQ(interrupt_exit_code(), 143);
}

TEST(InterruptDeathTest, AHangUpThatIsIgnoredStaysIgnored) {
  const auto under_nohup = [] {
    std::signal(SIGHUP, SIG_IGN);
    exit_on_interrupt();
    {
      const InterruptGuard guard;
      ::raise(SIGHUP);
      throw_if_interrupted();
    }
    ::raise(SIGHUP);
    ::_exit(0);
  };
  EXPECT_EXIT(under_nohup(), testing::ExitedWithCode(0), "");
}

TEST(Interrupt, OfAnEarlierGuardDoesNotComeBack) {
  {
    const InterruptGuard guard;
    ::raise(SIGINT);
    EXPECT_THROW(throw_if_interrupted(), Error);
  }
  const InterruptGuard guard;
  EXPECT_NO_THROW(throw_if_interrupted());
}

TEST(InterruptDeathTest, IsNotLostWhenNobodyThrewIt) {
  const auto guarded_work = [] {
    exit_on_interrupt();
    const InterruptGuard outer;
    const InterruptGuard inner;
    ::raise(SIGTERM);
  };
  EXPECT_EXIT(guarded_work(), testing::ExitedWithCode(143), "");
}

TEST(InterruptDeathTest, ASecondSignalEndsAGraceAtOnce) {
  const auto interrupted_twice = [] {
    exit_on_interrupt();
    const InterruptGrace grace;
    ::raise(SIGINT);
    EXPECT_THROW(throw_if_interrupted(), Error);
    ::raise(SIGTERM);
    ::_exit(0);
  };
  EXPECT_EXIT(interrupted_twice(), testing::ExitedWithCode(143), "");
}

TEST(InterruptDeathTest, AGraceEndsEvenWhenNobodyLooksAtTheSignal) {
  const auto deaf_work = [] {
    exit_on_interrupt();
    {
      const InterruptGrace grace;
      ::raise(SIGINT);
      EXPECT_THROW(throw_if_interrupted(), Error);
    }
    for (;;) ::pause();
  };
  EXPECT_EXIT(deaf_work(), testing::ExitedWithCode(130), "");
}

TEST(Interrupt, WithinAGuardAGraceOnlyRecords) {
  const InterruptGuard guard;
  const InterruptGrace grace;
  ::raise(SIGINT);
  ::raise(SIGINT);
  EXPECT_THROW(throw_if_interrupted(), Error);
}

}  // namespace
}  // namespace ktx
