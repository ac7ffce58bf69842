#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "ktx/util/cancellation.hpp"

namespace ktx::mcp {

/// Ends the work of one call when its client no longer waits for it, or when it takes too long.
class TimeLimit {
 public:
  TimeLimit(Cancellation& client, std::chrono::milliseconds limit);
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  ~TimeLimit();

  /// Happens in both cases.
  Cancellation& cancellation() { return work_; }

  /// Whether the work was ended because it took too long.
  bool is_over() const { return is_over_; }

 private:
  void watch(std::chrono::milliseconds limit);

  Cancellation work_;
  Cancellation::Listener listener_;
  std::atomic<bool> is_over_ = false;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool has_ended_ = false;
  std::thread watcher_;
};

}  // namespace ktx::mcp
