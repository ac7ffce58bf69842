#include "ktx/semantic/driver.hpp"

#include <gtest/gtest.h>

#include "ktx/semantic/introspection.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {
namespace {

// The same file is compared with ktx_daemon's drivers by pytest, so that both sides know the same.
TEST(Driver, IsWhatPythonTakesItFor) {
  const Json known = Json::parse(read_file(KTX_DRIVERS));
  std::vector<std::string> names;
  for (const Json& row : known) {
    const std::string name = row.at("name").get<std::string>();
    names.push_back(name);
    const Driver* driver = find_driver(name);
    ASSERT_NE(driver, nullptr) << name;
    EXPECT_EQ(driver->dialect, row.at("dialect").get<std::string>()) << name;
    EXPECT_EQ(driver->feature, row.at("feature").get<std::string>()) << name;
  }
  EXPECT_TRUE(std::ranges::equal(driver_names(), names));
}

TEST(Driver, IsFoundByEitherNameInAnyCase) {
  EXPECT_EQ(find_driver("PostgreSQL"), find_driver("postgres"));
  EXPECT_EQ(find_driver("MSSQL")->name, "sqlserver");
  for (const char* other : {"", "oracle", "core"}) EXPECT_EQ(find_driver(other), nullptr) << other;
}

TEST(Driver, NeedsNoPythonForSqliteAlone) {
  for (const Driver& driver : drivers())
    EXPECT_EQ(driver.is_native(), driver.name == "sqlite") << driver.name;
}

TEST(Driver, IsAFileWhereAPathLeadsToIt) {
  for (const Driver& driver : drivers()) {
    EXPECT_EQ(driver.is_file(), driver.name == "sqlite" || driver.name == "duckdb") << driver.name;
  }
}

TEST(Driver, CanBeIntrospectedWhereThereIsAReader) {
  for (const char* name :
       {"postgres", "PostgreSQL", "redshift", "mysql", "mariadb", "sqlite", "sqlite3", "duckdb"}) {
    EXPECT_TRUE(can_introspect(name)) << name;
  }
  for (const char* name : {"", "snowflake", "trino", "oracle"}) EXPECT_FALSE(can_introspect(name)) << name;
}

TEST(Driver, NamesItsDialect) {
  EXPECT_EQ(dialect_of_driver("PostgreSQL"), "postgres");
  EXPECT_EQ(dialect_of_driver("mssql"), "tsql");
  EXPECT_EQ(dialect_of_driver("oracle"), std::nullopt);
}

}  // namespace
}  // namespace ktx::semantic
