#include "yaml_events.hpp"

#include <algorithm>
#include <new>
#include <string>

#include "ktx/util/text.hpp"

namespace ktx::project {

Mark mark_of_offset(std::string_view text, std::size_t offset, std::uint32_t file) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::ranges::count(before, '\n');
  const auto start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {file, static_cast<std::uint32_t>(line) + 1,
          static_cast<std::uint32_t>(count_code_points(before.substr(start))) + 1};
}

YamlEvents::YamlEvents(std::string_view text, std::uint32_t file) : text_(text), file_(file) {
  if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
  // Told the encoding, libyaml does not guess another one from the first bytes.
  yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());  // libyaml's type for bytes
  yaml_parser_set_input_string(&parser_, bytes, text.size());
}

YamlEvents::~YamlEvents() {
  yaml_event_delete(&event_);
  yaml_parser_delete(&parser_);
}

const yaml_event_t& YamlEvents::next() {
  yaml_event_delete(&event_);
  if (yaml_parser_parse(&parser_, &event_) == 0) throw fault();
  return event_;
}

Mark YamlEvents::mark_at(const yaml_mark_t& mark) const {
  return {file_, static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

char YamlEvents::character_at(const yaml_mark_t& mark) const {
  std::string_view rest = text_;
  for (std::size_t i = 0; i < mark.index; ++i) {
    if (!take_code_point(rest)) return '\0';
  }
  return rest.empty() ? '\0' : rest[0];
}

YamlFault YamlEvents::fault() const {
  if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
  if (parser_.error != YAML_READER_ERROR) return scanner_fault();
  return {mark_of_offset(text_, parser_.problem_offset, file_),
          std::string("the text cannot be read: ") + parser_.problem, "Remove the control character"};
}

YamlFault YamlEvents::scanner_fault() const {
  const std::string problem = parser_.problem == nullptr ? "not YAML" : parser_.problem;
  const std::string context = parser_.context == nullptr ? "" : parser_.context;
  if (context == "while scanning a quoted scalar" && problem.starts_with("found unexpected")) {
    return {mark_at(parser_.context_mark), "the quoted text that begins here is never closed",
            "Close it with the same quote"};
  }
  if (problem == "found character that cannot start any token") {
    const char character = character_at(parser_.problem_mark);
    if (character == '\t') {
      return {mark_at(parser_.problem_mark), "a tab cannot indent YAML", "Indent with spaces"};
    }
    return {mark_at(parser_.problem_mark), std::string("no value can begin with '") + character + "'",
            "Put the value in quotes"};
  }
  if (problem.find("tab character") != std::string::npos) {
    return {mark_at(parser_.problem_mark), "a tab cannot indent YAML", "Indent with spaces"};
  }
  if (problem == "mapping values are not allowed in this context") {
    return {mark_at(parser_.problem_mark), "a ':' stands where no key can be",
            "Put a value that holds ': ' in quotes, or mend the indentation"};
  }
  std::string message = problem;
  if (!context.empty()) {
    message += " " + context + " that begins in line " + std::to_string(parser_.context_mark.line + 1);
  }
  return {mark_at(parser_.problem_mark), message, "Mend the YAML; often the indentation is off"};
}

}  // namespace ktx::project
