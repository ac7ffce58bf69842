#pragma once

#include <yaml.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "ktx/yaml/fault.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::yaml {

/// Reads `text` as one YAML document; an empty one is null. `file` goes into every mark.
///
/// Beside what YAML itself forbids, these are faults: text that is not UTF-8, a second document, a key
/// that is not a scalar, the same key twice, a tag outside the core schema, an alias inside what it
/// names, more than 64 levels of nesting, a text of more than 64 MiB, and aliases that expand to more
/// than a million values.
std::variant<Node, Fault> parse(std::string_view text, std::uint32_t file = 0);

/// libyaml's events over a text, one at a time. Throws `Fault` if the text is not YAML; `parse` catches it.
class Events {
 public:
  /// `text` must be UTF-8 without a byte order mark and outlive this.
  Events(std::string_view text, std::uint32_t file);
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;
  ~Events();

  /// Reads the next event and leaves it in `current()`.
  const yaml_event_t& next();
  const yaml_event_t& current() const { return event_; }

  /// Where the current event begins.
  Mark mark() const { return mark_at(event_.start_mark); }

 private:
  Mark mark_at(const yaml_mark_t& mark) const;
  Fault fault() const;
  Fault scanner_fault() const;
  char character_at(const yaml_mark_t& mark) const;

  std::string_view text_;
  std::uint32_t file_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

/// The mark of a byte offset in `text`.
Mark mark_of_offset(std::string_view text, std::size_t offset, std::uint32_t file);

}  // namespace ktx::yaml
