#include "ktx/database/table_reading.hpp"

#include <utility>

#include "connection_settings.hpp"
#include "ktx/database/driver.hpp"
#include "sqlite_location.hpp"

namespace ktx::database {

semantic::Introspection read_tables(const project::Connection& connection, const Environment& environment,
                                    const std::filesystem::path& project_directory,
                                    const std::vector<std::string>& schemas, semantic::Transport& python) {
  check_driver(connection);
  if (!is_sqlite(*connection.driver)) {
    return semantic::introspect(python, connection_request(connection, environment, project_directory),
                                schemas);
  }
  // Its addresses are read here, so that no other reading of them can lead to another file.
  const std::string file = sqlite_file(connection, environment, project_directory).string();
  Json request = {{"connection_id", connection.id},
                  {"driver", *connection.driver},
                  {"settings", {{"path", file}}},
                  {"project_directory", project_directory.string()}};
  return semantic::introspect(python, std::move(request), schemas);
}

}  // namespace ktx::database
