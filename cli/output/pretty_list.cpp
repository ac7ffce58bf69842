#include "ktx/output/pretty_list.hpp"

#include <algorithm>

#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

/// Fewer cells than these are not worth breaking a line for.
constexpr std::size_t least_text = 12;
constexpr std::string_view drawn_along = "│    ";

/// What stands before the words: the drawn character, and the blanks behind it.
std::string_view lead_of(std::string_view line) {
  const std::size_t blank = std::min(line.find(' '), line.size());
  return line.substr(0, std::min(line.find_first_not_of(' ', blank), line.size()));
}

std::string fitted(std::string_view line, std::size_t columns) {
  const std::string_view lead = lead_of(line);
  const std::size_t used = std::max(display_width(lead), display_width(drawn_along));
  if (display_width(line) <= columns || columns < used + least_text) return std::string(line);
  std::string lines;
  for (const std::string& part : wrapped(line.substr(lead.size()), columns - used)) {
    if (lines.empty()) {
      lines = lead;
    } else {
      lines.append("\n").append(drawn_along);
    }
    lines += part;
  }
  return lines;
}

}  // namespace

std::string fit_pretty_list(std::string_view text, std::size_t columns) {
  std::string fit;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    fit += fitted(text.substr(0, end), columns) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fit;
}

}  // namespace ktx::cli
