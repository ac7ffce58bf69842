#include "ktx/terminal/text_width.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

// Below U+0300 no character is wide or combines, and most text is made of these. Terminals draw a character
// that Unicode has not assigned as one box.
std::size_t width_of(char32_t code) {
  if (code < 0x300) return 1;
  const auto character = static_cast<utf8proc_int32_t>(code);
  if (utf8proc_category(character) == UTF8PROC_CATEGORY_CN) return 1;
  return static_cast<std::size_t>(utf8proc_charwidth(character));
}

// Breaks one line into several, all with its indentation. The indentation gets half the width at most, so
// that words still fit beside it.
std::string broken_line(std::string_view line, std::size_t columns) {
  if (display_width(line) <= columns) return std::string(line);
  const std::size_t indent = std::min(line.find_first_not_of(' '), columns / 2);
  std::string lines;
  for (const std::string& part : wrapped(line.substr(indent), columns - indent)) {
    lines.append(lines.empty() ? "" : "\n").append(indent, ' ').append(part);
  }
  return lines;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (const auto code = take_code_point(text)) width += width_of(*code);
  return width;
}

std::string cut_to_width(std::string_view text, std::size_t columns, std::string_view mark) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::size_t width = 1;  // of the mark
  std::string_view rest = text;
  std::string_view left = rest;
  while (const auto code = take_code_point(rest)) {
    width += width_of(*code);
    if (width > columns) break;
    left = rest;
  }
  return std::string(text.substr(0, text.size() - left.size())).append(mark);
}

std::string cut_start_to_width(std::string_view text, std::size_t columns, std::string_view mark) {
  std::size_t width = display_width(text);
  if (width <= columns) return std::string(text);
  if (columns == 0) return {};
  while (width + 1 > columns) {
    const auto code = take_code_point(text);
    if (!code) break;
    width -= width_of(*code);
  }
  // A combining mark whose base was cut off would now combine with the "…".
  for (std::string_view rest = text; const auto code = take_code_point(rest); text = rest) {
    if (width_of(*code) != 0) break;
  }
  return std::string(mark).append(text);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (display_width(line) + 1 + display_width(word) <= columns) {
      line.append(" ").append(word);
    } else {
      lines.emplace_back(word);
    }
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return lines;
}

std::string broken_between_words(std::string_view text, std::optional<std::size_t> columns) {
  if (!columns) return std::string(text);
  std::string broken;
  while (true) {
    const std::string_view line = text.substr(0, text.find('\n'));
    broken += broken_line(line, *columns);
    if (line.size() == text.size()) return broken;
    broken += '\n';
    text.remove_prefix(line.size() + 1);
  }
}

}  // namespace ktx::cli
