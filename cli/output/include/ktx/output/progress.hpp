#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "ktx/app/session.hpp"
#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {

enum class ProgressStyle : std::uint8_t {
  live,    ///< one line that is written over, and taken away in the end
  plain,   ///< a line for each step
  silent,  ///< nothing but notices
  quiet,   ///< nothing
};

/// How much is to be said, as far as somebody chose that.
struct Loudness {
  bool quiet = false;    ///< nothing; stands above the other
  bool verbose = false;  ///< a line for each step
};

/// Live on a terminal; plain where that was chosen and on one that can only append (TERM=dumb); `elsewhere`
/// where stderr is no terminal.
ProgressStyle progress_style(const Terminal& terminal, const Environment& environment, Loudness loudness,
                             ProgressStyle elsewhere);

/// Something that takes a while, on stderr, without colours.
class Progress : public app::InstallObserver {
 public:
  Progress(const Terminal& terminal, ProgressStyle style) : terminal_(terminal), style_(style) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() override { take_away(); }

  void show(const runtime::InstallProgress& progress) override;

  /// Shown in every style but `quiet`, and stays.
  void notice(const std::string& text) override;

  /// Takes the live line away; to be called before anything else is written.
  void clear() override { take_away(); }

 private:
  void take_away();

  const Terminal& terminal_;
  ProgressStyle style_;
  std::string step_;  ///< that was shown last
  bool line_shown_ = false;
};

/// "Installing packages: numpy 15.0 MiB (12 of 33)" in at most `columns` terminal cells: in a narrow terminal
/// the package without the step, and what is still too long is cut.
std::string progress_line(const runtime::InstallProgress& progress, std::size_t columns);

/// "15.0 MiB": in KiB, MiB or GiB, with one digit behind the point.
std::string size_text(std::uint64_t bytes);

}  // namespace ktx::cli
