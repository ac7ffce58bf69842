#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/json.hpp"

namespace ktx::project {

/// The text of ktx.yaml with the value at `path` (keys of mappings) set to `value`; every other byte, such as
/// comments, order and quotes, stays as it is. Missing mappings on the way are made; a value that is already
/// equal stays as it is written. `file` names the text in errors.
///
/// The result is parsed and compared, so that nothing else changes. Throws a `project` error, with the place,
/// if the text is not YAML, if something on the way is not a mapping, and if the value cannot be changed by
/// itself because an alias or a merge key shares it.
std::string set_config_value(std::string_view text, const std::string& file,
                             const std::vector<std::string>& path, const Json& value);

/// The text without the entry at `path`; unchanged if there is none. Comments inside the entry are removed
/// with it, those above it stay; a mapping that loses its last entry is written `{}`. Throws as
/// `set_config_value`.
std::string remove_config_value(std::string_view text, const std::string& file,
                                const std::vector<std::string>& path);

}  // namespace ktx::project
