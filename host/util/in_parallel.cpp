#include "ktx/util/in_parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace ktx::project {
namespace {

constexpr std::size_t enough_files = 64;  // starting a thread takes as long as reading a file or two
constexpr std::size_t most_workers = 8;
// Enough that threads rarely meet at the counter, few enough that they end at about the same time.
constexpr std::size_t taken_at_once = 8;

// The work that the threads take their shares from.
class Shares {
 public:
  Shares(std::size_t count, const std::function<void(std::size_t)>& work) : end_(count), work_(work) {}

  // Takes shares until none is left.
  void run() noexcept {
    for (;;) {
      const std::size_t first = next_.fetch_add(taken_at_once);
      if (first >= end_) return;
      for (std::size_t i = first; i < first + taken_at_once && i < end_; ++i) attempt(i);
    }
  }

  void throw_failure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void attempt(std::size_t i) noexcept {
    try {
      work_(i);
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      if (i >= end_) return;
      end_ = i;  // lower numbers go on: one of them may fail too, and then counts
      failure_ = std::current_exception();
    }
  }

  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> end_;
  const std::function<void(std::size_t)>& work_;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

std::size_t workers_for(std::size_t files) {
  if (files < enough_files) return 1;
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_workers);
}

void in_parallel(std::size_t count, std::size_t workers, const std::function<void(std::size_t)>& work) {
  Shares shares(count, work);
  // The threads are joined at the end of this block, before the failure is looked at.
  {
    std::vector<std::jthread> threads;
    try {
      while (threads.size() + 1 < workers) threads.emplace_back([&shares] { shares.run(); });
    } catch (const std::system_error&) {  // the system allows no more threads: fewer do the work
    }
    shares.run();
  }
  shares.throw_failure();
}

}  // namespace ktx::project
