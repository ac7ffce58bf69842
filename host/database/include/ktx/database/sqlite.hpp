#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "ktx/database/executor.hpp"

namespace ktx::database {

/// Opens an SQLite file, which must exist, for reading only. Throws a `database` error when it cannot.
std::unique_ptr<Executor> open_sqlite(const std::filesystem::path& file);

/// Makes a SQLite database of what `script` says, whole or not at all, in the place of what is at `file`.
/// Throws a `database` error for a wrong script, and an `io` error when the file cannot be made.
void make_sqlite_database(const std::filesystem::path& file, const std::string& script);

}  // namespace ktx::database
