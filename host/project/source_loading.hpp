#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "ktx/project/source.hpp"
#include "source_index.hpp"

namespace ktx::project {

/// `load_source_tree` at the time that `clock` shows, in `workers` threads; 0 for as many as are worth it.
SourceTree load_sources(const std::filesystem::path& project_directory, const std::string& connection_id,
                        const cache::Store* store, const Clock& clock, std::size_t workers = 0);

/// `source_tree_digest` at the time that `clock` shows.
std::optional<std::string> digest_by_index(const std::filesystem::path& project_directory,
                                           const std::string& connection_id, const cache::Store& store,
                                           const Clock& clock);

}  // namespace ktx::project
