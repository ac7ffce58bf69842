#include "ktx/database/open_executor.hpp"

#include <utility>

#include "connection_settings.hpp"
#include "ktx/database/driver.hpp"
#include "ktx/util/error.hpp"
#include "remote_executor.hpp"
#include "sqlite_executor.hpp"
#include "sqlite_location.hpp"

namespace ktx::database {

std::unique_ptr<Executor> open_executor(const project::Connection& connection, const Environment& environment,
                                        const std::filesystem::path& project_directory, PythonSource python) {
  check_driver(connection);
  if (!connection.readonly) {
    throw Error(ErrorKind::connection, "The connection " + connection.id + " is not marked as read-only",
                "Set connections." + connection.id + ".readonly: true in ktx.yaml");
  }
  if (is_sqlite(*connection.driver)) {
    return open_sqlite(sqlite_file(connection, environment, project_directory));
  }
  return open_remote(connection_request(connection, environment, project_directory), std::move(python));
}

std::optional<std::filesystem::path> database_file(const project::Connection& connection,
                                                   const Environment& environment,
                                                   const std::filesystem::path& project_directory) {
  if (!connection.readonly || !is_sqlite(connection.driver.value_or(""))) return std::nullopt;
  return sqlite_file(connection, environment, project_directory);
}

}  // namespace ktx::database
