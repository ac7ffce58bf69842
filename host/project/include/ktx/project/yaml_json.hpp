#pragma once

#include <string>

#include "ktx/project/yaml_node.hpp"

namespace ktx::project {

/// Appends the value as JSON on one line. Written straight from the tree: a model of a thousand sources
/// goes this way on every query.
void append_json(std::string& json, const YamlNode& node);

}  // namespace ktx::project
