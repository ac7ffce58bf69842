#include "ktx/output/waiting_line.hpp"

#include <csignal>

#include "ktx/output/progress.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

// While one is alive, this thread and those that it starts take no signals: the thread that works has them.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all{};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

std::string waiting_text(std::chrono::seconds running, std::size_t columns, const std::string& what) {
  const std::string seconds = std::to_string(running.count()) + " s";
  const std::string time = what.empty() ? "Running for " + seconds : what + ": " + seconds;
  const std::string whole =
      time + (what.empty() ? ". Ctrl-C ends the statement." : ". Ctrl-C ends it and shows what was found.");
  return display_width(whole) <= columns ? whole : cut_to_width(time, columns);
}

WaitingLine::WaitingLine(const Terminal& terminal) : terminal_(terminal), last_words_(start_of_empty_line) {
  const NoSignals blocked;
  thread_ = std::thread([this] { draw(); });
}

WaitingLine::~WaitingLine() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_one();
  thread_.join();
}

void WaitingLine::now(const std::string& what) {
  const std::lock_guard lock(mutex_);
  what_ = what;
}

void WaitingLine::draw() {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  std::chrono::seconds running(1);
  for (; !over_.wait_until(lock, start + running, [this] { return is_over_; }); ++running) {
    // The last cell stays free: some terminals wrap as soon as it is filled.
    terminal_.control(start_of_empty_line + waiting_text(running, terminal_.err_columns() - 1, what_));
  }
  if (running > std::chrono::seconds(1)) terminal_.control(start_of_empty_line);
}

}  // namespace ktx::cli
