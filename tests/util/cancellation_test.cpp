#include "ktx/util/cancellation.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "ktx/util/error.hpp"

namespace ktx {
namespace {

TEST(Cancellation, TellsEachListenerOnce) {
  Cancellation cancellation;
  int told = 0;
  const Cancellation::Listener first(cancellation, [&] { ++told; });
  const Cancellation::Listener second(cancellation, [&] { ++told; });
  EXPECT_FALSE(cancellation.is_cancelled());
  EXPECT_NO_THROW(cancellation.throw_if_cancelled());
  cancellation.cancel();
  cancellation.cancel();
  EXPECT_EQ(told, 2);
  EXPECT_TRUE(cancellation.is_cancelled());
  EXPECT_THROW(cancellation.throw_if_cancelled(), Error);
}

TEST(Cancellation, TellsWhoListensLateAtOnce) {
  Cancellation cancellation;
  cancellation.cancel();
  int told = 0;
  const Cancellation::Listener late(cancellation, [&] { ++told; });
  EXPECT_EQ(told, 1);
}

TEST(Cancellation, TellsNobodyWhoHasGone) {
  Cancellation cancellation;
  int told = 0;
  {
    const Cancellation::Listener gone(cancellation, [&] { ++told; });
  }
  cancellation.cancel();
  EXPECT_EQ(told, 0);
}

// A listener may use what dies with it: none runs after its end.
TEST(Cancellation, NoListenerRunsAfterItsEnd) {
  for (int round = 0; round < 200; ++round) {
    Cancellation cancellation;
    std::atomic<bool> alive = true;
    std::thread other([&] { cancellation.cancel(); });
    {
      const Cancellation::Listener listener(cancellation, [&] { EXPECT_TRUE(alive); });
    }
    alive = false;
    other.join();
  }
}

}  // namespace
}  // namespace ktx
