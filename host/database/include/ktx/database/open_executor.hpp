#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "ktx/database/executor.hpp"
#include "ktx/project/config.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::database {

/// Opens the connection's database: SQLite here, at once, and any other through `python` when a query runs.
/// Throws a `connection` error unless the connection is read-only, its driver is known and its settings name
/// a database and secrets that are there, and a `database` error when the database cannot be opened. What a
/// database refuses later is the error of the operation's reply.
std::unique_ptr<Executor> open_executor(const project::Connection& connection, const Environment& environment,
                                        const std::filesystem::path& project_directory,
                                        PythonSource python = {});

/// The file that the connection's database is, when `open_executor` would open one: a read-only SQLite
/// connection. Nothing for any other. Throws a `connection` error when the settings name no file.
std::optional<std::filesystem::path> database_file(const project::Connection& connection,
                                                   const Environment& environment,
                                                   const std::filesystem::path& project_directory);

}  // namespace ktx::database
