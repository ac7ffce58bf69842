#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <string>

#include "ktx/database/executor.hpp"
#include "ktx/util/error.hpp"

namespace ktx::database {

/// The `database` error for what SQLite just refused on a file, with SQLite's own words and a fix that fits
/// their cause. `what` begins the message. To be called right after the failed call: the next one overwrites
/// the words.
Error sqlite_failure(sqlite3* database, const std::filesystem::path& file, const std::string& what,
                     const ExecuteOptions& options);

/// The error for a statement that is not run because it is no single SELECT; `why` says what it is.
Error not_read_only(const std::string& why, const ExecuteOptions& options);

/// The error for a statement that ran for as long as one may.
Error took_too_long(const ExecuteOptions& options);

}  // namespace ktx::database
