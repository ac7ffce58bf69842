#include "record_lines.hpp"

#include <algorithm>

namespace ktx::runtime {
namespace {

/// One field of a CSV line, taken off the front of `rest`.
std::string take_field(std::string_view& rest) {
  std::string field;
  bool quoted = false;
  while (!rest.empty()) {
    const char character = rest.front();
    rest.remove_prefix(1);
    if (character == ',' && !quoted) return field;
    if (character != '"') {
      field += character;
    } else if (quoted && rest.starts_with('"')) {
      field += '"';
      rest.remove_prefix(1);
    } else {
      quoted = !quoted;
    }
  }
  return field;
}

RecordLine parse_line(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  RecordLine parsed;
  parsed.path = take_field(line);
  parsed.digest = take_field(line);
  return parsed;
}

}  // namespace

std::vector<RecordLine> parse_record(std::string_view text) {
  std::vector<RecordLine> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(parse_line(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace ktx::runtime
