#include "ktx/database/open_executor.hpp"

#include <utility>
#include <variant>

#include "ktx/database/connection_settings.hpp"
#include "ktx/database/sqlite.hpp"
#include "ktx/semantic/messages.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"
#include "remote_executor.hpp"

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

namespace {

constexpr std::string_view test_operation = "database-test";
constexpr const char* sqlite_facts =
    "SELECT sqlite_version(), count(*) FROM sqlite_schema "
    "WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

ConnectionReport report_of_sqlite(const std::filesystem::path& file) {
  const Result result = open_sqlite(file)->execute(sqlite_facts, {});
  ConnectionReport report;
  report.driver = "sqlite";
  // Fixed types: the statement returns one row of a text and a count.
  report.server_version = std::get<std::string>(result.rows.at(0).at(0));
  report.tables = static_cast<std::uint64_t>(std::get<std::int64_t>(result.rows.at(0).at(1)));
  report.schemas = {"main"};
  report.database = file.string();
  // See open_sqlite.
  report.read_only_enforced = true;
  report.read_only_how = "the file is opened for reading only";
  return report;
}

std::optional<std::string> text_or_null(const JsonObject& answer, std::string_view key) {
  if (answer.value().contains(key) && answer.value().at(std::string(key)).is_null()) return std::nullopt;
  return answer.string(key);
}

ConnectionReport decode_report(const Json& value) {
  const JsonObject answer(value, "The reply of database-test", ErrorKind::internal);
  const JsonObject read_only = answer.object("read_only");
  return {answer.non_empty_string("driver"),
          answer.count("tables"),
          answer.strings("schemas"),
          text_or_null(answer, "server_version"),
          text_or_null(answer, "database"),
          read_only.boolean("enforced"),
          read_only.string("how")};
}

}  // namespace

ConnectionReport test_connection(const project::Connection& connection, const Environment& environment,
                                 const std::filesystem::path& project_directory, const PythonSource& python) {
  check_driver(connection);
  if (is_sqlite(*connection.driver)) {
    return report_of_sqlite(sqlite_file(connection, environment, project_directory));
  }
  const Json request = connection_request(connection, environment, project_directory);
  return decode_report(semantic::ask_operation(python(), test_operation, request).answer().value());
}

semantic::Introspection read_tables(const project::Connection& connection, const Environment& environment,
                                    const std::filesystem::path& project_directory,
                                    const std::vector<std::string>& schemas, semantic::Transport& python) {
  check_driver(connection);
  if (!is_sqlite(*connection.driver)) {
    return semantic::introspect(python, connection_request(connection, environment, project_directory),
                                schemas);
  }
  // SQLite's address is resolved here, because Python could resolve it to another file.
  const std::string file = sqlite_file(connection, environment, project_directory).string();
  Json request = {{"connection_id", connection.id},
                  {"driver", *connection.driver},
                  {"settings", {{"path", file}}},
                  {"project_directory", project_directory.string()}};
  return semantic::introspect(python, std::move(request), schemas);
}

}  // namespace ktx::database
