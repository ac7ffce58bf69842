#include "progress_line.hpp"

#include "ktx/terminal/text_width.hpp"
#include "size_text.hpp"

namespace ktx::cli {
namespace {

/// The package, its size and its number; empty when no package is known.
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

}  // namespace ktx::cli
