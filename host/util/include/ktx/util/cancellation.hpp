#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>

namespace ktx {

/// Says of one piece of work that nobody waits for its result any more. Happens at most once. Thread-safe.
class Cancellation {
 public:
  /// Cancels the work. Runs the listeners in this thread.
  void cancel();

  /// Waits for nothing, not even for listeners that run.
  bool is_cancelled() const { return happened_; }

  /// Throws an `interrupted` error if it has been cancelled.
  void throw_if_cancelled() const;

  /// While one is alive, its function is called when the work is cancelled; at once if it was before. The
  /// function must not block, and is not called any more once the listener is destroyed.
  class Listener {
   public:
    Listener(Cancellation& cancellation, std::function<void()> function);
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener();

   private:
    Cancellation& cancellation_;
    std::size_t key_ = 0;
  };

 private:
  std::mutex mutex_;
  std::atomic<bool> happened_ = false;  ///< set with the mutex held, read without
  std::size_t next_key_ = 0;
  std::map<std::size_t, std::function<void()>> listeners_;
};

}  // namespace ktx
