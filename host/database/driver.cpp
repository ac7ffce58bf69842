#include "ktx/database/driver.hpp"

#include <algorithm>
#include <array>

#include "ktx/project/suggestion.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::database {
namespace {

constexpr std::array<std::string_view, 15> names = {
    "postgres", "postgresql", "mysql",     "mariadb", "sqlite",     "sqlite3", "duckdb",  "snowflake",
    "bigquery", "clickhouse", "sqlserver", "mssql",   "databricks", "trino",   "redshift"};

}  // namespace

std::span<const std::string_view> driver_names() { return names; }

bool is_known_driver(std::string_view driver) {
  return std::ranges::find(names, lower_case(std::string(driver))) != names.end();
}

bool is_sqlite(std::string_view driver) {
  const std::string name = lower_case(std::string(driver));
  return name == "sqlite" || name == "sqlite3";
}

std::string closest_driver(std::string_view driver) {
  return project::closest(driver, {names.begin(), names.end()});
}

void check_driver(const project::Connection& connection) {
  const std::string driver = connection.driver.value_or("");
  if (is_known_driver(driver)) return;
  const std::string meant = closest_driver(driver);
  throw Error(ErrorKind::connection,
              driver.empty() ? "The connection " + connection.id + " names no driver"
                             : "No local query executor is configured for driver \"" + driver + "\".",
              "Set connections." + connection.id + ".driver in ktx.yaml to one of: " +
                  comma_separated(driver_names()) + (meant.empty() ? "" : "; did you mean " + meant + "?"));
}

}  // namespace ktx::database
