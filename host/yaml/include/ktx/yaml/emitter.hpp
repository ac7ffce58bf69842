#pragma once

#include <string>

#include "ktx/util/json.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::yaml {

/// The value as a YAML document in block style, with a final line break. `parse` reads the same value
/// from it, and so does a parser of YAML 1.1: text that either would take for something else is quoted. Text
/// of several lines is a literal block where YAML allows one. The value is UTF-8.
std::string to_yaml(const Node& node);

/// How a value is written below its key: all in the key's line, or in lines of their own below it.
enum class Style { block, flow };

/// `key: value` as YAML without a final newline; in `block` each level is indented by `step` spaces (2 to 9).
/// Lists that hold no mappings are always in brackets. A text is in double quotes unless every reader of
/// YAML, 1.1 or 1.2, reads it as the same text without them. Throws a `project` error if a text is not UTF-8.
std::string write_entry(const std::string& key, const Json& value, Style style, int step = 2);

}  // namespace ktx::yaml
