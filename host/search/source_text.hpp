#pragma once

#include <string>
#include <vector>

#include "ktx/project/source_tree.hpp"

namespace ktx::search {

/// The text that a source is found by: name, description, table, default time, columns, measures, joins,
/// tags and freshness, joined by ". ". Columns that are hidden are left out.
std::string source_text(const project::Source& source);

/// The columns of a source that are not hidden. The source must outlive them.
std::vector<const project::YamlNode*> visible_columns(const project::Source& source);

}  // namespace ktx::search
