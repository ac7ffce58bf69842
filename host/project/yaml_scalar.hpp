#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ktx/project/yaml_node.hpp"

namespace ktx::project {

/// The kind of a plain (unquoted, untagged) scalar by the YAML 1.2 core schema, with one difference:
/// `.inf` and `.nan` stay strings, for what is read here is handed on as JSON, which has no such number.
YamlKind plain_scalar_kind(std::string_view text);

/// The value of a core-schema integer (`-12`, `0o17`, `0x1F`); nothing when it is none or needs more
/// than 64 bits.
std::optional<std::int64_t> integer_value(std::string_view text);

/// The value of a core-schema number.
double real_value(std::string_view text);

}  // namespace ktx::project
