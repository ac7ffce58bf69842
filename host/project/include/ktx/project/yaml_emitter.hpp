#pragma once

#include <string>

#include "ktx/project/yaml_node.hpp"

namespace ktx::project {

/// The value as a YAML document in block style, with a final line break. `parse_yaml` reads the same value
/// from it, and so does a parser of YAML 1.1: text that either would take for something else is quoted. Text
/// of several lines is a literal block where YAML allows one. The value is UTF-8.
std::string to_yaml(const YamlNode& node);

}  // namespace ktx::project
