#include "typing_slip.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "ktx/util/text.hpp"

namespace ktx::yaml {
namespace {

// Blanks to a person, letters to YAML.
constexpr std::array<std::pair<char32_t, std::string_view>, 7> odd_blanks = {
    {{U'\u00A0', "a no-break space (U+00A0)"},
     {U'\u2007', "a figure space (U+2007)"},
     {U'\u2009', "a thin space (U+2009)"},
     {U'\u200B', "a zero-width space (U+200B)"},
     {U'\u202F', "a narrow no-break space (U+202F)"},
     {U'\u3000', "an ideographic space (U+3000)"},
     {U'\uFEFF', "a byte order mark (U+FEFF)"}}};

std::string_view line_at(std::string_view text, std::uint32_t number) {
  for (std::uint32_t line = 1; line < number; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

// The first line, from `first` on, that begins with the mark; 0 if there is none.
std::uint32_t line_with(std::string_view text, std::string_view mark) {
  std::uint32_t number = 1;
  while (!text.empty()) {
    if (text.starts_with(mark)) return number;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return 0;
    text.remove_prefix(end + 1);
    ++number;
  }
  return 0;
}

}  // namespace

// dash.
std::optional<Fault> odd_blank_in(std::string_view line, const Mark& start) {
  bool may_indent = true;
  Mark mark = start;
  while (const auto code = take_code_point(line)) {
    const auto odd = std::ranges::find(odd_blanks, *code, &std::pair<char32_t, std::string_view>::first);
    if (may_indent && odd != odd_blanks.end()) {
      return Fault{mark, std::string(odd->second) + " stands where YAML takes only a space",
                   odd->first == U'\uFEFF' ? "Remove it; it shows in no editor, so type the line anew"
                                           : "Replace each in this file by a space"};
    }
    may_indent = (may_indent && *code == U' ') || *code == U':' || *code == U'-';
    ++mark.column;
  }
  return std::nullopt;
}

namespace {

// The library notices only later that an indentation is none.
std::optional<Fault> odd_blank(std::string_view text, const Mark& found) {
  for (std::uint32_t line = 1; line <= found.line; ++line) {
    if (auto fault = odd_blank_in(line_at(text, line), {found.file, line, 1})) return fault;
  }
  return std::nullopt;
}

// Something behind a quote or a bracket that has closed a value: `"he said "hi" there"`.
std::optional<Fault> words_behind_value(std::string_view text, const Mark& found) {
  std::string_view line = line_at(text, found.line);
  std::string_view before = line;
  for (std::uint32_t column = 1; column < found.column; ++column) {
    if (!take_code_point(line)) return std::nullopt;
  }
  before.remove_suffix(line.size());
  const std::size_t last = before.find_last_not_of(' ');
  if (last == std::string_view::npos || line.empty()) return std::nullopt;
  if (before[last] == '"' || before[last] == '\'') {
    const bool is_double = before[last] == '"';
    return Fault{found, "words follow a quoted text that has ended",
                 is_double ? "Write \\\" for a quote inside it, or put the whole value in single quotes"
                           : "Write '' for a quote inside it, or put the whole value in double quotes"};
  }
  if (before[last] == ']' || before[last] == '}') {
    return Fault{found, "words follow a list or mapping that has ended", "Put the whole value in quotes"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Fault> merge_conflict(std::string_view text, std::uint32_t file) {
  const std::uint32_t begin = line_with(text, "<<<<<<< ");
  const std::uint32_t end = line_with(text, ">>>>>>> ");
  if (begin == 0 && end == 0) return std::nullopt;
  return Fault{{file, begin == 0 ? end : begin, 1},
               "git left a conflict here: both sides of a merge stand in the file",
               "Keep one side, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>"};
}

std::optional<Fault> typing_slip(std::string_view text, const Mark& found) {
  if (auto fault = odd_blank(text, found)) return fault;
  return words_behind_value(text, found);
}

}  // namespace ktx::yaml
