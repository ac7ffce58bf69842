#include "time_limit.hpp"

namespace ktx::mcp {

TimeLimit::TimeLimit(Cancellation& client, std::chrono::milliseconds limit)
    : listener_(client, [this] { work_.cancel(); }), watcher_([this, limit] { watch(limit); }) {}

TimeLimit::~TimeLimit() {
  {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
  }
  ended_.notify_one();
  watcher_.join();
}

void TimeLimit::watch(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  if (ended_.wait_for(lock, limit, [this] { return has_ended_; })) return;
  is_over_ = true;
  lock.unlock();
  work_.cancel();
}

}  // namespace ktx::mcp
