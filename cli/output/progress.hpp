#pragma once

#include <cstdint>
#include <string>

#include "context.hpp"
#include "ktx/runtime/install_progress.hpp"

namespace ktx::cli {

enum class ProgressStyle : std::uint8_t {
  live,    ///< one line that is written over, and taken away in the end
  plain,   ///< a line for each step
  silent,  ///< nothing but notices
  quiet,   ///< nothing: --quiet
};

/// Live on a terminal; plain where `--verbose` asks for it and on one that can only append (TERM=dumb);
/// `elsewhere` where stderr is no terminal. --quiet stands above them all.
ProgressStyle progress_style(const Context& context, bool verbose, ProgressStyle elsewhere);

/// Something that takes a while, on stderr, without colours.
class Progress {
 public:
  Progress(const Terminal& terminal, ProgressStyle style) : terminal_(terminal), style_(style) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  void show(const runtime::InstallProgress& progress);

  /// Shown in every style but `quiet`, and stays.
  void notice(const std::string& text);

  /// Takes the live line away; to be called before anything else is written.
  void clear();

 private:
  const Terminal& terminal_;
  ProgressStyle style_;
  std::string step_;  ///< that was shown last
  bool line_shown_ = false;
};

}  // namespace ktx::cli
