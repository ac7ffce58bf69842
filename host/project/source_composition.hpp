#pragma once

#include <string>
#include <vector>

#include "ktx/project/source.hpp"
#include "source_parsing.hpp"

namespace ktx::project {

/// Makes the tree of what `files` declare, one after the other in their order (shards first), and checks it.
/// `parsed` has what was found in each.
SourceTree compose_sources(std::vector<std::string> files, std::vector<ParsedFile> parsed);

}  // namespace ktx::project
