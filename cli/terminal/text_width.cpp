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

// The end of the first word, which may be quoted in part.
std::size_t end_of_shell_word(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text[i] == '\'' || text[i] == '"') {
      quote = text[i];
    } else if (text[i] == ' ') {
      return i;
    }
  }
  return text.size();
}

// Where a command of ktx that is to be copied starts: behind "…: ", with the few words that start ktx here
// ("npx ktx"); npos where there is none.
std::size_t start_of_command(std::string_view text) {
  constexpr std::string_view before = ": ";
  for (auto at = text.find(before); at != std::string_view::npos; at = text.find(before, at + 1)) {
    const std::size_t start = at + before.size();
    const std::string_view rest = text.substr(start);
    const std::string_view words = rest.substr(0, std::min(rest.find("ktx "), rest.size()));
    const bool is_command = words.size() < rest.size() && words.find_first_of(",;(") == words.npos &&
                            std::ranges::count(words, ' ') < 4;
    if (is_command) return start;
  }
  return std::string_view::npos;
}

// What stays on one line: a word, words in backticks, or a command of ktx with its options, for a line break
// in it would be copied with it.
std::string_view next_piece(std::string_view text, bool is_command) {
  if (is_command) {
    const auto end =
        std::min({text.find("; "), text.find(", "), text.find(". "), text.find(" ("), text.size()});
    return text.substr(0, text.find(' ', end));
  }
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::size_t tick = text.find('`');
  if (tick >= space) return text.substr(0, space);
  const std::size_t closing = std::min(text.find('`', tick + 1), text.size());
  return text.substr(0, closing == text.size() ? space : std::min(text.find(' ', closing), text.size()));
}

std::vector<std::string> wrapped_around_commands(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines(1);
  const std::size_t command = start_of_command(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view piece = next_piece(text.substr(at), at == command);
    std::string& line = lines.back();
    const std::size_t width = display_width(piece);
    // What the terminal has to break anyway is not better off on a line of its own.
    const bool stays = display_width(line) + 1 + width <= columns || (at == command && width > columns);
    if (at == 0) {
      line = piece;
    } else if (stays) {
      line.append(" ").append(piece);
    } else {
      lines.emplace_back(piece);
    }
    at += piece.size() + 1;
  }
  return lines;
}

// Breaks one line into several, all with its indentation. The indentation gets half the width at most, so
// that words still fit beside it.
std::string broken_line(std::string_view line, std::size_t columns) {
  if (display_width(line) <= columns) return std::string(line);
  const std::size_t indent = std::min(line.find_first_not_of(' '), columns / 2);
  std::string lines;
  for (const std::string& part : wrapped_around_commands(line.substr(indent), columns - indent)) {
    lines.append(lines.empty() ? "" : "\n").append(indent, ' ').append(part);
  }
  return lines;
}

// A word of a command, an option with its value.
std::string_view next_part(std::string_view text) {
  const std::size_t end = end_of_shell_word(text);
  const bool has_value = text.starts_with("--") && end + 1 < text.size() && text[end + 1] != '-';
  return text.substr(0, has_value ? end + 1 + end_of_shell_word(text.substr(end + 1)) : end);
}

// One command in lines that a shell takes for one: broken between words, outside of quotes.
std::string continued_line(std::string_view line, std::size_t columns) {
  constexpr std::string_view more = " \\";
  constexpr std::size_t deeper = 4;
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  std::string lines(line.substr(0, indent));
  std::size_t used = indent;
  for (std::string_view rest = line.substr(indent); !rest.empty();) {
    const std::string_view word = next_part(rest);
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    const std::size_t width = display_width(word);
    const bool is_first = used == indent && lines.size() == indent;
    if (!is_first && used + 1 + width + (rest.empty() ? 0 : more.size()) > columns) {
      lines.append(more).append("\n").append(indent + deeper, ' ').append(word);
      used = indent + deeper + width;
    } else {
      lines.append(is_first ? "" : " ").append(word);
      used += width + (is_first ? 0 : 1);
    }
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

std::string commands_to_copy(std::string_view text, std::optional<std::size_t> columns) {
  if (!columns) return std::string(text);
  std::string lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const bool fits = display_width(line) <= *columns;
    lines.append(fits ? std::string(line) : continued_line(line, *columns));
    text.remove_prefix(line.size());
    if (text.empty()) break;
    lines += '\n';
    text.remove_prefix(1);
  }
  return lines;
}

}  // namespace ktx::cli
