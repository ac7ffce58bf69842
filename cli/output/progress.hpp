#pragma once

#include <string>

#include "terminal.hpp"

namespace ktx::cli {

/// Steps of something that takes a while, on stderr: one line that is overwritten on a terminal, a line
/// per step elsewhere.
class Progress {
 public:
  /// With `only_on_terminals`, steps are not shown elsewhere at all.
  Progress(const Terminal& terminal, bool only_on_terminals);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void step(const std::string& text);

  /// Shown everywhere, and stays.
  void notice(const std::string& text);

  /// Takes the overwritten line away.
  void clear();

 private:
  const Terminal& terminal_;
  bool only_on_terminals_;
  bool line_shown_ = false;
};

}  // namespace ktx::cli
