#include "ktx/output/progress.hpp"

#include "progress_line.hpp"

namespace ktx::cli {
namespace {

constexpr const char* start_of_empty_line = "\r\x1b[K";

/// A terminal that cannot take back what it shows says so, or says nothing.
bool can_only_append(const Environment& environment) {
  return environment.variable("TERM").value_or("dumb") == "dumb";
}

}  // namespace

ProgressStyle progress_style(const Terminal& terminal, const Environment& environment, Loudness loudness,
                             ProgressStyle elsewhere) {
  if (loudness.quiet) return ProgressStyle::quiet;
  if (loudness.verbose) return ProgressStyle::plain;
  if (!terminal.err_is_terminal()) return elsewhere;
  return can_only_append(environment) ? ProgressStyle::plain : ProgressStyle::live;
}

void Progress::show(const runtime::InstallProgress& progress) {
  if (style_ == ProgressStyle::live) {
    // Not into the last column: some terminals wrap as soon as it is filled.
    terminal_.err(start_of_empty_line + progress_line(progress, terminal_.err_columns() - 1));
    line_shown_ = true;
  } else if (style_ == ProgressStyle::plain && progress.step != step_) {
    terminal_.err(progress.step + "\n");
  }
  step_ = progress.step;
}

void Progress::notice(const std::string& text) {
  if (style_ == ProgressStyle::quiet) return;
  take_away();
  terminal_.err(text + "\n");
}

void Progress::take_away() {
  if (line_shown_) terminal_.err(start_of_empty_line);
  line_shown_ = false;
}

}  // namespace ktx::cli
