#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/cache/store.hpp"
#include "ktx/project/source.hpp"

namespace ktx::project {

/// Reads and checks the sources of a connection, many files in several threads, which have ended when it
/// returns. A missing folder is an empty tree; all faults of the files are in `findings`. Throws an `io`
/// error if a folder cannot be listed.
///
/// If there is a `store`, the files' stamps are kept in it for `source_tree_digest`.
SourceTree load_source_tree(const std::filesystem::path& project_directory, const std::string& connection_id,
                            const cache::Store* store = nullptr);

/// The digest that the tree has now, without reading the files that did not change since they were last read.
/// std::nullopt if the tree must be loaded to know it: there is no store, or nothing in it about this folder,
/// or something cannot be read.
///
/// A file counts as unchanged only if device, inode, size, modification and change time are the same to the
/// nanosecond as when it was read, and were two seconds old then, on a local file system, by a clock that was
/// not set since. So the kernel is trusted to give a changed file a new change time. A write that does not
/// get one, through a memory mapping that was dirty already or to the raw disk, is not noticed; see
/// docs/adr/0015-index-of-unchanged-files.md.
std::optional<std::string> source_tree_digest(const std::filesystem::path& project_directory,
                                              const std::string& connection_id, const cache::Store* store);

/// Whether there is a folder for the connection's sources.
bool has_source_directory(const std::filesystem::path& project_directory, const std::string& connection_id);

/// The connections that have a folder below `semantic-layer/`, sorted.
std::vector<std::string> connections_with_sources(const std::filesystem::path& project_directory);

}  // namespace ktx::project
