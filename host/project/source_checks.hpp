#pragma once

#include <vector>

#include "findings.hpp"
#include "ktx/project/source.hpp"

namespace ktx::project {

/// What must hold of the composed sources among themselves: grain there and among the columns, columns
/// typed, no column, measure or segment twice in a source, joins lead to sources that exist. `sources`
/// is sorted by name; unless it is `complete`, where joins lead is not judged.
void check_sources(const std::vector<Source>& sources, bool complete, Findings& findings);

}  // namespace ktx::project
