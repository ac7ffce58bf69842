#include "ktx/semantic/dialect.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ktx::semantic {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 15> dialects = {{
    {"postgres", "postgres"},
    {"postgresql", "postgres"},
    {"bigquery", "bigquery"},
    {"snowflake", "snowflake"},
    {"mysql", "mysql"},
    {"mariadb", "mysql"},
    {"sqlserver", "tsql"},
    {"mssql", "tsql"},
    {"sqlite", "sqlite"},
    {"sqlite3", "sqlite"},
    {"duckdb", "duckdb"},
    {"clickhouse", "clickhouse"},
    {"redshift", "redshift"},
    {"databricks", "databricks"},
    {"trino", "trino"},
}};

}  // namespace

std::optional<std::string> dialect_of_driver(std::string_view driver) {
  std::string name(driver);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  for (const auto& [known, dialect] : dialects) {
    if (known == name) return std::string(dialect);
  }
  return std::nullopt;
}

}  // namespace ktx::semantic
