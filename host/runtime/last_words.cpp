#include "last_words.hpp"

#include <algorithm>
#include <array>

#include "ktx/util/text.hpp"

namespace ktx::runtime {
namespace {

constexpr std::size_t most_lines = 10;
constexpr std::size_t most_characters = 300;

/// What uv says of a step that went well.
constexpr std::array<std::string_view, 12> noise = {"Using ",        "Creating virtual environment",
                                                    "Activate with", "Resolved ",
                                                    "Prepared ",     "Installed ",
                                                    "Uninstalled ",  "Downloading ",
                                                    "Checked ",      "Audited ",
                                                    " Downloaded ",  " + "};

bool is_noise(std::string_view line) {
  return line.find_first_not_of(' ') == std::string_view::npos ||
         std::ranges::any_of(noise, [&](std::string_view start) { return line.starts_with(start); });
}

/// Takes "\x1b[1m" or "\x1b]0;title\a" off the front, the escape character included.
void skip_escape_sequence(std::string_view& text) {
  text.remove_prefix(1);
  std::size_t length = 1;
  if (text.starts_with('[')) {
    const auto end = std::ranges::find_if(text.substr(1), [](char c) { return c >= '@' && c <= '~'; });
    length = static_cast<std::size_t>(end - text.begin()) + 1;
  } else if (text.starts_with(']')) {
    length = text.find('\a') == std::string_view::npos ? text.size() : text.find('\a') + 1;
  }
  text.remove_prefix(std::min(length, text.size()));
}

void append_character(std::string& line, std::string_view& text) {
  std::string_view rest = text;
  const auto code = take_code_point(rest);
  if (!code) {
    line += "\uFFFD";
    rest = text.substr(1);
  } else if (*code == U'\t') {
    line += ' ';
  } else if (*code >= 0x20 && (*code < 0x7F || *code >= 0xA0)) {
    line += text.substr(0, text.size() - rest.size());
  }
  text = rest;
}

std::string readable(std::string_view text) {
  std::string line;
  std::size_t characters = 0;
  while (!text.empty()) {
    if (text.front() == '\x1b') {
      skip_escape_sequence(text);
      continue;
    }
    if (++characters > most_characters) return line + "…";
    append_character(line, text);
  }
  return line;
}

/// What a terminal would show in the end of a line that was written over several times.
std::string_view last_version(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line.substr(line.rfind('\r') + 1);
}

}  // namespace

std::vector<std::string> last_words(std::string_view output) {
  std::vector<std::string> lines;
  while (!output.empty() && lines.size() < most_lines) {
    if (output.ends_with('\n')) output.remove_suffix(1);
    const std::size_t start = output.rfind('\n') + 1;
    std::string line = readable(last_version(output.substr(start)));
    output = output.substr(0, start);
    if (!is_noise(line)) lines.push_back(std::move(line));
  }
  std::ranges::reverse(lines);
  return lines;
}

}  // namespace ktx::runtime
