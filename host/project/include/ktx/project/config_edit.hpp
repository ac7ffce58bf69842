#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/json.hpp"

namespace ktx::project {

/// The text of ktx.yaml with the value at `path` (keys of mappings) set to `value`; every other byte, such
/// as comments, order and quotes, is as it was. Mappings that are missing on the way are made; a value that
/// is there already is left as it is written. `file` names the text in errors.
///
/// What was asked is all that changes: the result is read again and compared. Throws a `project` error, with
/// the place, when the text is not YAML, when something on the way is no mapping, and when the value cannot
/// be changed by itself because an alias or a merge key shares it.
std::string set_config_value(std::string_view text, const std::string& file,
                             const std::vector<std::string>& path, const Json& value);

/// The text without the entry at `path`; unchanged when there is none. Comments inside the entry go with it,
/// those above it stay; a mapping that loses its last entry is written `{}`. Throws as `set_config_value`.
std::string remove_config_value(std::string_view text, const std::string& file,
                                const std::vector<std::string>& path);

}  // namespace ktx::project
