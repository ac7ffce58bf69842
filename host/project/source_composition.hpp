#pragma once

#include <string>
#include <vector>

#include "ktx/project/source_tree.hpp"
#include "source_parsing.hpp"

namespace ktx::project {

/// A file's place in the order of reading, and what it declares.
struct ReadFile {
  std::string name;
  bool is_shard = false;
  ParsedFile parsed;
};

/// Makes the tree of what the files declare, one after the other in the order in which they are given (shards
/// first), and checks it. `files` are what the marks refer to.
SourceTree compose_sources(std::vector<std::string> files, std::vector<ReadFile> read);

}  // namespace ktx::project
