#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "ktx/database/executor.hpp"

namespace ktx::database {

/// Opens an SQLite file, which must exist, for reading only. Throws a `database` error when it cannot.
std::unique_ptr<Executor> open_sqlite(const std::filesystem::path& file);

/// Runs `script` on an empty SQLite database and writes it to `file`, whole or not at all, replacing an
/// existing file. Throws a `database` error if the script fails, and an `io` error if the file cannot be
/// written.
void make_sqlite_database(const std::filesystem::path& file, const std::string& script);

}  // namespace ktx::database
