#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/cache/store.hpp"
#include "ktx/project/source.hpp"

namespace ktx::project {

/// Reads and checks the sources of a connection, many files in several threads; these have ended when it
/// returns. A missing folder is an empty tree; what is wrong in the files is in `findings`, all of it. Throws
/// an `io` error when a folder cannot be listed.
///
/// What the files were like is kept in `store`, if there is one, for `source_tree_digest`.
SourceTree load_source_tree(const std::filesystem::path& project_directory, const std::string& connection_id,
                            const cache::Store* store = nullptr);

/// The digest that the tree has now, without reading the files that did not change since they were last read.
/// std::nullopt if the tree must be loaded to know it: there is no store, or nothing in it about this folder,
/// or something cannot be read.
///
/// A file counts as unchanged only if device, inode, size, modification and change time are the same to the
/// nanosecond as when it was read, and were two seconds old then, on a local file system, by a clock that was
/// not set since. Trusted is thus that the kernel gives a file that is changed a new change time. A file that
/// is written to without that, by a mapping in memory that was dirty already or on the raw disk,
/// is not noticed; docs/adr/0015-index-of-unchanged-files.md says more.
std::optional<std::string> source_tree_digest(const std::filesystem::path& project_directory,
                                              const std::string& connection_id, const cache::Store* store);

/// Whether there is a folder for the connection's sources.
bool has_source_directory(const std::filesystem::path& project_directory, const std::string& connection_id);

/// The connections that have a folder below `semantic-layer/`, sorted.
std::vector<std::string> connections_with_sources(const std::filesystem::path& project_directory);

}  // namespace ktx::project
