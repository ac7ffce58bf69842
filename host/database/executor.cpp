#include "ktx/database/executor.hpp"

#include "ktx/util/error.hpp"
#include "sqlite_executor.hpp"
#include "sqlite_location.hpp"

namespace ktx::database {
namespace {

bool is_sqlite(std::string driver) {
  for (char& c : driver) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return driver == "sqlite" || driver == "sqlite3";
}

}  // namespace

std::unique_ptr<Executor> open_executor(const project::Connection& connection, const Environment& environment,
                                        const std::filesystem::path& project_directory) {
  const std::string setting = "connections." + connection.id;
  const std::string driver = connection.driver.value_or("");
  if (!is_sqlite(driver)) {
    throw Error(ErrorKind::connection, "No local query executor is configured for driver \"" + driver + "\".",
                "Drop --execute and run the SQL with the database's own client");
  }
  if (!connection.readonly) {
    throw Error(ErrorKind::connection, "The connection " + connection.id + " is not marked as read-only",
                "Set " + setting + ".readonly: true in ktx.yaml");
  }
  return open_sqlite(sqlite_file(connection, environment, project_directory));
}

std::optional<std::filesystem::path> database_file(const project::Connection& connection,
                                                   const Environment& environment,
                                                   const std::filesystem::path& project_directory) {
  if (!connection.readonly || !is_sqlite(connection.driver.value_or(""))) return std::nullopt;
  return sqlite_file(connection, environment, project_directory);
}

}  // namespace ktx::database
