#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <vector>

namespace ktx::test {

/// Runs `work(0)` to `work(count - 1)` at the same time, each in a process of its own as several users of one
/// folder are, and says how many of them returned true.
inline int at_once(int count, const std::function<bool(int)>& work) {
  std::vector<pid_t> children;
  for (int i = 0; i < count; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      bool good = false;
      try {
        good = work(i);
      } catch (...) {  // the parent counts
      }
      ::_exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  int good = 0;
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    if (status == 0) ++good;
  }
  return good;
}

}  // namespace ktx::test
