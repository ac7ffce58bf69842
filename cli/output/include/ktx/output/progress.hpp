#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "ktx/app/session.hpp"
#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {

enum class ProgressStyle : std::uint8_t {
  live,    ///< one line, overwritten by each step and removed at the end
  plain,   ///< a line for each step
  silent,  ///< only notices
  quiet,   ///< nothing
};

/// How much to say, as far as the user chose it.
struct Loudness {
  bool quiet = false;    ///< nothing; wins over `verbose`
  bool verbose = false;  ///< a line for each step
};

/// Live on a terminal; plain if that was chosen, and on a terminal that cannot take back what it shows;
/// `elsewhere` if stderr is not a terminal.
ProgressStyle progress_style(const Terminal& terminal, const Environment& environment, Loudness loudness,
                             ProgressStyle elsewhere);

/// Shows the progress of something slow on stderr, without colours.
class Progress : public app::InstallObserver {
 public:
  Progress(const Terminal& terminal, ProgressStyle style) : terminal_(terminal), style_(style) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() override { take_away(); }

  void show(const runtime::InstallProgress& progress) override;

  /// Shown in every style except `quiet`, and not removed.
  void notice(const std::string& text) override;

  /// Removes the live line. Call it before anything else is written.
  void clear() override { take_away(); }

 private:
  void take_away();

  const Terminal& terminal_;
  ProgressStyle style_;
  std::string step_;  ///< the step that was shown last
  bool line_shown_ = false;
};

/// What takes a line away that was drawn last on a terminal, and leaves the cursor at its beginning.
inline constexpr const char* start_of_empty_line = "\r\x1b[K";

/// "Installing packages: numpy 15.0 MiB (12 of 33)" in at most `columns` terminal cells. If that is too
/// narrow, the step is left out; what is still too long is cut.
std::string progress_line(const runtime::InstallProgress& progress, std::size_t columns);

/// "15.0 MiB": in KiB, MiB or GiB, with one decimal.
std::string size_text(std::uint64_t bytes);

}  // namespace ktx::cli
