#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ktx::project {

/// The YAML files of a connection, paths relative to the project's folder with '/', each list sorted.
struct SourceFiles {
  std::vector<std::string> shards;   ///< below `_schema/`
  std::vector<std::string> sources;  ///< all others
};

/// Looks below `semantic-layer/<connection>/`, at any depth; files and folders whose name begins with a
/// dot are passed over, links to folders not followed. Throws an `io` error when a folder cannot be
/// read.
SourceFiles find_source_files(const std::filesystem::path& project_directory,
                              const std::string& connection_id);

/// `semantic-layer` in the project's folder.
std::filesystem::path semantic_layer_directory(const std::filesystem::path& project_directory);

}  // namespace ktx::project
