#pragma once

#include <filesystem>
#include <string>

namespace ktx::database {

/// Makes a SQLite database of what `script` says, whole or not at all, in the place of what is at `file`.
/// Throws a `database` error for a wrong script, and an `io` error when the file cannot be made.
void make_sqlite_database(const std::filesystem::path& file, const std::string& script);

}  // namespace ktx::database
