#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// What passes from the thread that answers a request to the one that has its connection. Thread-safe.
class HttpExchange {
 public:
  struct Event {
    std::optional<std::string> message;  ///< to be sent before the reply
    bool is_over = false;                ///< the reply is there, or there is none
  };

  void add(const Json& message) {
    const std::lock_guard lock(mutex_);
    messages_.push_back(compact_json(message));
    changed_.notify_all();
  }

  void finish(std::optional<Json> reply) {
    const std::lock_guard lock(mutex_);
    reply_ = std::move(reply);
    is_over_ = true;
    changed_.notify_all();
  }

  /// The next message, or the end; neither if nothing happens within the time.
  Event next(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return is_over_ || !messages_.empty(); });
    if (messages_.empty()) return {std::nullopt, is_over_};
    Event event = {std::move(messages_.front()), false};
    messages_.pop_front();
    return event;
  }

  std::optional<Json> take_reply() {
    const std::lock_guard lock(mutex_);
    return std::move(reply_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> messages_;
  std::optional<Json> reply_;
  bool is_over_ = false;
};

}  // namespace ktx::mcp
