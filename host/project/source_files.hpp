#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ktx::project {

/// Called with each YAML file: its folder's descriptor, its name in there, and the folder's path relative to
/// the project, ending in '/'.
using VisitFile = std::function<void(int folder, const char* name, const std::string& path)>;

/// Visits the YAML files of a connection, in no order: those below `semantic-layer/<connection>/`, at any
/// depth. Files and folders whose name begins with a dot are skipped, links to folders not followed. A
/// missing folder has no files. Throws an `io` error if a folder cannot be read.
void visit_source_files(const std::filesystem::path& project_directory, const std::string& connection_id,
                        const VisitFile& visit);

/// The visited files' paths relative to the project, in the order in which they are read: sorted, those of
/// `_schema/` first.
std::vector<std::string> find_source_files(const std::filesystem::path& project_directory,
                                           const std::string& connection_id);

/// What a file is for, by the folder that it is in.
enum class FileRole : std::uint8_t {
  source,   ///< declares a source, or changes one
  shard,    ///< below `_schema/`: the tables that a scan found
  metrics,  ///< below `_metrics/`
};

/// The role of a file whose path is relative to the project.
FileRole role_of(const std::string& path, const std::string& connection_id);

/// Sorts files, whose paths `name` returns, into the order of `find_source_files`.
template <typename File, typename Name>
void in_reading_order(std::vector<File>& files, const std::string& connection_id, Name name) {
  std::ranges::sort(files, {}, name);
  std::ranges::stable_partition(
      files, [&](const std::string& path) { return role_of(path, connection_id) == FileRole::shard; }, name);
}

/// `semantic-layer` in the project's folder.
std::filesystem::path semantic_layer_directory(const std::filesystem::path& project_directory);

}  // namespace ktx::project
