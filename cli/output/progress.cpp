#include "ktx/output/progress.hpp"

#include <array>
#include <cstddef>
#include <cstdio>
#include <string>

#include "ktx/install/install_services.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

// The package, its size and its number; empty if there is no package.
std::string package_text(const runtime::InstallProgress& progress) {
  if (progress.package.empty()) return {};
  std::string text = progress.package;
  if (progress.bytes > 0) text += " " + size_text(progress.bytes);
  if (progress.done > 0 && progress.total > 0) {
    text += " (" + std::to_string(progress.done) + " of " + std::to_string(progress.total) + ")";
  }
  return text;
}

}  // namespace

std::string progress_line(const runtime::InstallProgress& progress, std::size_t columns) {
  const std::string step = printable(progress.step);
  const std::string package = printable(package_text(progress));
  if (package.empty()) return cut_to_width(step + "…", columns);
  const std::string whole = step + ": " + package;
  return display_width(whole) <= columns ? whole : cut_to_width(package, columns);
}

ProgressStyle progress_style(const Terminal& terminal, const Environment& environment, Loudness loudness,
                             ProgressStyle elsewhere) {
  if (loudness.quiet) return ProgressStyle::quiet;
  // Before the look at the terminal: --verbose wants lines even on one.
  if (loudness.verbose) return ProgressStyle::plain;
  if (!terminal.err_is_terminal()) return elsewhere;
  return can_only_append(environment) ? ProgressStyle::plain : ProgressStyle::live;
}

void Progress::show(const runtime::InstallProgress& progress) {
  if (style_ == ProgressStyle::live) {
    // The last cell stays free: some terminals wrap as soon as it is filled.
    terminal_.control(start_of_empty_line + progress_line(progress, terminal_.err_columns() - 1));
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

// Nothing is written if there is no line: stderr may be a file.
void Progress::take_away() {
  if (line_shown_) terminal_.control(start_of_empty_line);
  line_shown_ = false;
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 3> units = {"KiB", "MiB", "GiB"};
  double amount = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < units.size()) {
    amount /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", amount, units.at(unit));
  return text.data();
}

}  // namespace ktx::cli
