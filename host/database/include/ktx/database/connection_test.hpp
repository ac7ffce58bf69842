#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/database/open_executor.hpp"
#include "ktx/project/config.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::database {

/// What a connection that works leads to.
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
/// need not be marked as read-only. Throws as `open_executor`, and what the operation's reply has.
ConnectionReport test_connection(const project::Connection& connection, const Environment& environment,
                                 const std::filesystem::path& project_directory, const PythonSource& python);

}  // namespace ktx::database
