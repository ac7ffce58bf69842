#include "output/progress_line.hpp"

#include <string_view>

#include "ktx/util/utf8.hpp"
#include "output/size_text.hpp"
#include "output/text_width.hpp"

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

std::string cut(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::string kept;
  while (!text.empty()) {
    std::string_view rest = text;
    take_code_point(rest);
    const std::string_view character = text.substr(0, text.size() - rest.size());
    if (display_width(kept) + display_width(character) + 1 > columns) break;
    kept += character;
    text = rest;
  }
  return kept + "…";
}

}  // namespace

std::string progress_line(const runtime::InstallProgress& progress, std::size_t columns) {
  const std::string step = printable(progress.step);
  const std::string package = printable(package_text(progress));
  if (package.empty()) return cut(step + "…", columns);
  const std::string whole = step + ": " + package;
  return display_width(whole) <= columns ? whole : cut(package, columns);
}

}  // namespace ktx::cli
