#include "setup/drivers.hpp"

#include <algorithm>
#include <array>

#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

using Kind = SettingKind;

constexpr std::array file_settings = {DriverSetting{"path", "Database file", Kind::file, ""}};
constexpr std::array postgres_settings = {
    DriverSetting{"url", "Address of the database", Kind::address, "env:DATABASE_URL"}};
constexpr std::array mysql_settings = {
    DriverSetting{"url", "Address of the database", Kind::address, "env:MYSQL_URL"}};
constexpr std::array clickhouse_settings = {
    DriverSetting{"url", "Address of the database", Kind::address, "env:CLICKHOUSE_URL"}};
constexpr std::array sqlserver_settings = {
    DriverSetting{"url", "Address of the database", Kind::address, "env:SQLSERVER_URL"}};
constexpr std::array trino_settings = {
    DriverSetting{"url", "Address of the server, with catalog and schema", Kind::address, "env:TRINO_URL"}};
constexpr std::array snowflake_settings = {
    DriverSetting{"account", "Account", Kind::text, ""},
    DriverSetting{"user", "User", Kind::text, ""},
    DriverSetting{"password", "Password", Kind::secret, "env:SNOWFLAKE_PASSWORD"},
    DriverSetting{"warehouse", "Warehouse", Kind::text, ""},
    DriverSetting{"database", "Database", Kind::text, ""},
    DriverSetting{"schema", "Schema", Kind::text, "PUBLIC"},
    DriverSetting{"role", "Role (Enter for the user's own)", Kind::optional, ""}};
constexpr std::array bigquery_settings = {
    DriverSetting{"project", "Google Cloud project", Kind::text, ""},
    DriverSetting{"dataset", "Dataset", Kind::text, ""},
    DriverSetting{"credentials_file", "File with the key of the service account", Kind::file,
                  "service-account.json"}};
constexpr std::array databricks_settings = {
    DriverSetting{"host", "Host of the workspace", Kind::text, ""},
    DriverSetting{"http_path", "HTTP path of the SQL warehouse", Kind::text, ""},
    DriverSetting{"token", "Access token", Kind::secret, "env:DATABRICKS_TOKEN"},
    DriverSetting{"catalog", "Catalog (Enter for the default)", Kind::optional, ""}};

constexpr std::array driver_table = {Driver{"sqlite", "SQLite", file_settings},
                                     Driver{"duckdb", "DuckDB", file_settings},
                                     Driver{"postgres", "PostgreSQL", postgres_settings},
                                     Driver{"mysql", "MySQL or MariaDB", mysql_settings},
                                     Driver{"snowflake", "Snowflake", snowflake_settings},
                                     Driver{"bigquery", "BigQuery", bigquery_settings},
                                     Driver{"clickhouse", "ClickHouse", clickhouse_settings},
                                     Driver{"sqlserver", "SQL Server", sqlserver_settings},
                                     Driver{"databricks", "Databricks", databricks_settings},
                                     Driver{"trino", "Trino", trino_settings}};

}  // namespace

std::span<const Driver> drivers() { return driver_table; }

const Driver* find_driver(std::string_view name) {
  const std::string wanted = lower_case(std::string(name));
  const auto found = std::ranges::find(driver_table, wanted, &Driver::name);
  return found == driver_table.end() ? nullptr : &*found;
}

std::vector<std::string> driver_names() {
  std::vector<std::string> names;
  for (const Driver& driver : driver_table) names.emplace_back(driver.name);
  return names;
}

}  // namespace ktx::cli
