#pragma once

#include <filesystem>

#include "ktx/project/config.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::database {

/// The file of an SQLite connection: its `path` (which may be an `env:` or `file:` reference), else its
/// `url` (an `env:` reference, `sqlite:…`, `file:…` or a plain path), relative to the project's folder.
/// In `url`, `file:` is the database's own URL. Throws a `connection` error when neither is given.
std::filesystem::path sqlite_file(const project::Connection& connection, const Environment& environment,
                                  const std::filesystem::path& project_directory);

}  // namespace ktx::database
