#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "ktx/project/yaml_node.hpp"

namespace ktx::project {

/// Why a text is not one YAML document that ktx reads: what is wrong, where, and what to write instead
/// (may be empty).
struct YamlFault {
  Mark mark;
  std::string message;
  std::string fix;
};

/// Reads `text` as one YAML document; an empty one is null. `file` goes into every mark.
///
/// Beside what YAML itself forbids, these are faults: text that is not UTF-8, a second document, a key
/// that is not a scalar, the same key twice, a tag outside the core schema, an alias inside what it
/// names, more than 64 levels of nesting, a text of more than 64 MiB, and aliases that expand to more
/// than a million values.
std::variant<YamlNode, YamlFault> parse_yaml(std::string_view text, std::uint32_t file = 0);

}  // namespace ktx::project
