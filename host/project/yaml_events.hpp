#pragma once

#include <yaml.h>

#include <cstdint>
#include <string_view>

#include "ktx/project/yaml_document.hpp"

namespace ktx::project {

/// libyaml's stream of events over a text, one at a time. Throws `YamlFault`, which does not leave
/// parse_yaml, when the text is not YAML.
class YamlEvents {
 public:
  /// `text` must be UTF-8 without a byte order mark and outlive this.
  YamlEvents(std::string_view text, std::uint32_t file);
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;
  ~YamlEvents();

  /// Reads the next event and leaves it in `current()`.
  const yaml_event_t& next();
  const yaml_event_t& current() const { return event_; }

  /// Where the current event begins.
  Mark mark() const { return mark_at(event_.start_mark); }

 private:
  Mark mark_at(const yaml_mark_t& mark) const;
  YamlFault fault() const;
  YamlFault scanner_fault() const;
  char character_at(const yaml_mark_t& mark) const;

  std::string_view text_;
  std::uint32_t file_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

/// The mark of a byte offset in `text`.
Mark mark_of_offset(std::string_view text, std::size_t offset, std::uint32_t file);

}  // namespace ktx::project
