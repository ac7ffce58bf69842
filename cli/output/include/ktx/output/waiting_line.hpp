#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "ktx/app/session.hpp"
#include "ktx/terminal/terminal.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx::cli {

/// A line on the terminal at stderr, from about a second on and for as long as this lives, that says how long
/// a statement has been running and how to end it. It is gone afterwards, also when a signal ends the
/// process. Nobody else writes to the terminal meanwhile.
class WaitingLine : public app::Waiting {
 public:
  explicit WaitingLine(const Terminal& terminal);
  WaitingLine(const WaitingLine&) = delete;
  WaitingLine& operator=(const WaitingLine&) = delete;
  ~WaitingLine() override;

  void now(const std::string& what) override;

 private:
  void draw();

  const Terminal& terminal_;
  LastWords last_words_;
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::string what_;
  std::thread thread_;
};

/// "Running for 75 s. Ctrl-C ends the statement." in at most `columns` terminal cells; with `what` of many
/// things before it, if that is not empty.
std::string waiting_text(std::chrono::seconds running, std::size_t columns, const std::string& what = {});

}  // namespace ktx::cli
