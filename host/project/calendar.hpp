#pragma once

#include <string>

#include "ktx/util/json.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {

/// Throws a `project` error if the `calendar` or the `time_spine` in a mapping of ktx.yaml (the file itself,
/// or a connection) has keys or values that none has: a setting that is ignored would make other numbers.
void check_calendar(const yaml::Node& holder, const std::string& file);

/// The calendar of a mapping of ktx.yaml, as the planner takes it, over the one `below` it: each setting that
/// the mapping has wins. Null if neither has any.
Json calendar_of(const yaml::Node& holder, const Json& below);

}  // namespace ktx::project
