#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace ktx::test {

/// A user without a name, who owns nothing.
inline constexpr uid_t ann = 4242;

/// Runs `checks` as that user, in a child: what a process gives up of its rights it does not get back whole.
/// Only root can.
template <typename Checks>
void as_ann(Checks checks) {
  std::fflush(nullptr);  // or the child would print it once more
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const bool became = ::setresgid(ann, ann, ann) == 0 && ::setresuid(ann, ann, ann) == 0;
    if (became) checks();
    std::fflush(nullptr);
    ::_exit(became && !testing::Test::HasFailure() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0) << "as another user";
}

}  // namespace ktx::test
