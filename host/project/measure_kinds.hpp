#pragma once

#include <string_view>

#include "ktx/project/findings.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {

/// Reports the measures of a file, in its `list` "measures" or "metrics", that are of no kind or of several:
/// each has exactly one of `expr`, `cumulative`, `offset` and `conversion`, and these one of their own keys.
/// The shapes were checked before.
void check_measure_kinds(const yaml::Node& definition, std::string_view list, Findings& findings);

}  // namespace ktx::project
