#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/database/executor.hpp"
#include "ktx/project/config.hpp"
#include "ktx/semantic/introspection.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::database {

/// Opens the connection's database: SQLite here and at once, any other through `python` when a query runs.
/// Throws a `connection` error unless the connection is read-only, its driver is known, and its settings name
/// a database and existing secrets, and a `database` error if the database cannot be opened. What a database
/// refuses later is the error of the operation's reply.
std::unique_ptr<Executor> open_executor(const project::Connection& connection, const Environment& environment,
                                        const std::filesystem::path& project_directory,
                                        PythonSource python = {});

/// The file that the connection's database is, when `open_executor` would open one: a read-only SQLite
/// connection. std::nullopt for any other. Throws a `connection` error when the settings name no file.
std::optional<std::filesystem::path> database_file(const project::Connection& connection,
                                                   const Environment& environment,
                                                   const std::filesystem::path& project_directory);

/// What a working connection leads to.
struct ConnectionReport {
  std::string driver;
  std::uint64_t tables = 0;  ///< tables and views
  std::vector<std::string> schemas;
  std::optional<std::string> server_version;
  std::optional<std::string> database;
  bool read_only_enforced = false;  ///< whether the database itself refuses to write in ktx's sessions
  std::string read_only_how;
};

/// Connects and looks: SQLite here, any other database through the operation `database-test`. The connection
/// need not be marked as read-only. Throws as `open_executor` does, and the error of the operation's reply.
ConnectionReport test_connection(const project::Connection& connection, const Environment& environment,
                                 const std::filesystem::path& project_directory, const PythonSource& python);

/// The tables and views of a connection's database, the same one that `test_connection` and queries use.
/// `schemas` says where to look; empty means the database's default. Throws a `connection` error if settings
/// are missing, and what `semantic::introspect` throws.
semantic::Introspection read_tables(const project::Connection& connection, const Environment& environment,
                                    const std::filesystem::path& project_directory,
                                    const std::vector<std::string>& schemas, semantic::Transport& python);

}  // namespace ktx::database
