#include "ktx/semantic/driver.hpp"

#include <algorithm>
#include <array>

#include "ktx/util/text.hpp"

namespace ktx::semantic {
namespace {

using Setting = DriverSetting;
using Kind = SettingKind;

constexpr std::array file_settings = {Setting{"path", "Database file", Kind::file, ""}};
constexpr std::array postgres_settings = {
    Setting{"url", "Address of the database", Kind::address, "env:DATABASE_URL"}};
constexpr std::array mysql_settings = {
    Setting{"url", "Address of the database", Kind::address, "env:MYSQL_URL"}};
constexpr std::array clickhouse_settings = {
    Setting{"url", "Address of the database", Kind::address, "env:CLICKHOUSE_URL"}};
constexpr std::array sqlserver_settings = {
    Setting{"url", "Address of the database", Kind::address, "env:SQLSERVER_URL"}};
constexpr std::array trino_settings = {
    Setting{"url", "Address of the server, with catalog and schema", Kind::address, "env:TRINO_URL"}};
constexpr std::array spark_settings = {
    Setting{"url", "Address of the Spark Connect server", Kind::address, "env:SPARK_URL"}};
constexpr std::array snowflake_settings = {
    Setting{"account", "Account", Kind::text, ""},
    Setting{"user", "User", Kind::text, ""},
    Setting{"password", "Password", Kind::secret, "env:SNOWFLAKE_PASSWORD"},
    Setting{"warehouse", "Warehouse", Kind::text, ""},
    Setting{"database", "Database", Kind::text, ""},
    Setting{"schema", "Schema", Kind::text, "PUBLIC"},
    Setting{"role", "Role (Enter for the user's own)", Kind::optional, ""}};
constexpr std::array bigquery_settings = {
    Setting{"project", "Google Cloud project", Kind::text, ""}, Setting{"dataset", "Dataset", Kind::text, ""},
    Setting{"credentials_file", "File with the key of the service account", Kind::file,
            "service-account.json"}};
constexpr std::array databricks_settings = {
    Setting{"host", "Host of the workspace", Kind::text, ""},
    Setting{"http_path", "HTTP path of the SQL warehouse", Kind::text, ""},
    Setting{"token", "Access token", Kind::secret, "env:DATABRICKS_TOKEN"},
    Setting{"catalog", "Catalog (Enter for the default)", Kind::optional, ""}};

// Redshift has no settings for setup to ask: it is reached as PostgreSQL is, and written into ktx.yaml by
// hand.
constexpr std::array driver_table = {
    Driver{"postgres", "postgresql", "PostgreSQL", "postgres", "core", "postgres", postgres_settings},
    Driver{"mysql", "mariadb", "MySQL or MariaDB", "mysql", "core", "mysql", mysql_settings},
    Driver{"sqlite", "sqlite3", "SQLite", "sqlite", "", "sqlite", file_settings},
    Driver{"duckdb", "", "DuckDB", "duckdb", "core", "duckdb", file_settings},
    Driver{"snowflake", "", "Snowflake", "snowflake", "snowflake", "", snowflake_settings},
    Driver{"bigquery", "", "BigQuery", "bigquery", "bigquery", "", bigquery_settings},
    Driver{"clickhouse", "", "ClickHouse", "clickhouse", "clickhouse", "", clickhouse_settings},
    Driver{"sqlserver", "mssql", "SQL Server", "tsql", "sqlserver", "", sqlserver_settings},
    Driver{"databricks", "", "Databricks", "databricks", "databricks", "", databricks_settings},
    Driver{"trino", "", "Trino", "trino", "trino", "", trino_settings},
    Driver{"spark", "", "Spark", "spark", "spark", "", spark_settings},
    Driver{"redshift", "", "Redshift", "redshift", "core", "postgres", {}}};

// Counted at compile time, so that the list of names cannot miss a driver.
constexpr std::size_t name_count =
    driver_table.size() + static_cast<std::size_t>(std::ranges::count_if(
                              driver_table, [](const Driver& one) { return !one.alias.empty(); }));

constexpr std::array<std::string_view, name_count> all_names = [] {
  std::array<std::string_view, name_count> names{};
  std::size_t i = 0;
  for (const Driver& driver : driver_table) {
    names.at(i++) = driver.name;
    if (!driver.alias.empty()) names.at(i++) = driver.alias;
  }
  return names;
}();

}  // namespace

std::span<const Driver> drivers() { return driver_table; }

const Driver* find_driver(std::string_view name) {
  if (name.empty()) return nullptr;
  const std::string wanted = lower_case(std::string(name));
  const auto is_meant = [&](const Driver& one) { return one.name == wanted || one.alias == wanted; };
  const auto found = std::ranges::find_if(driver_table, is_meant);
  return found == driver_table.end() ? nullptr : &*found;
}

std::span<const std::string_view> driver_names() { return all_names; }

std::optional<std::string> dialect_of_driver(std::string_view driver) {
  const Driver* found = find_driver(driver);
  return found == nullptr ? std::nullopt : std::optional(std::string(found->dialect));
}

}  // namespace ktx::semantic
