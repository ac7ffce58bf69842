#pragma once

#include <string>
#include <vector>

#include "ktx/project/source.hpp"
#include "source_parsing.hpp"

namespace ktx::project {

/// Composes the tree from what `files` declare, in their order (manifest shards first), and checks it.
/// `parsed` holds what was found in each file.
SourceTree compose_sources(std::vector<std::string> files, std::vector<ParsedFile> parsed);

}  // namespace ktx::project
