#include <gtest/gtest.h>

#include "ktx/database/connection_settings.hpp"

namespace ktx::database {
namespace {

std::string location_of(const std::string& settings) {
  return connection_location(
      project::parse_config("project: p\nconnections:\n  w: {" + settings + "}\n", "ktx.yaml")
          .connections.at(0));
}

TEST(ConnectionLocation, NeverHoldsASecret) {
  EXPECT_EQ(location_of("url: 'postgres://u:secret@h:5/d?password=secret#secret'"), "postgres://h:5/d");
  EXPECT_EQ(location_of("url: 'postgres://u:sec/r@et?x@h/d'"), "postgres://h/d");
  EXPECT_EQ(location_of("url: 'snowflake://token@account/d'"), "snowflake://account/d");
  EXPECT_EQ(location_of("url: 'Server=h;Pwd=secret'"), "(an address in ktx.yaml)");
  EXPECT_EQ(location_of("url: 'jdbc:sqlserver://h:1;password=secret'"), "jdbc:sqlserver://h:1");
  EXPECT_EQ(location_of("url: 'env:URL'"), "env:URL");
}

TEST(ConnectionLocation, SaysWhereTheDatabaseIs) {
  EXPECT_EQ(location_of("path: data/shop.db"), "data/shop.db");
  EXPECT_EQ(location_of("host: h, port: 5433, database: d, password: secret"), "h:5433/d");
  EXPECT_EQ(location_of("account: xy, database: d"), "xy/d");
  EXPECT_EQ(location_of("driver: x"), "");
}

TEST(Credential, IsSeenInAddresses) {
  for (const char* url : {"postgres://u:p@h/d", "mysql://:p@h", "postgres://h/d?password=p",
                          "x://h?a=1&Access_Token=p", "Server=h;PWD=p", "host=h password=p"}) {
    EXPECT_TRUE(holds_credential(url)) << url;
  }
  for (const char* url :
       {"postgres://u@h/d", "postgres://h:5/d?sslmode=require", "env:URL", "file:/x:y@z", "data/shop.db"}) {
    EXPECT_FALSE(holds_credential(url)) << url;
  }
}

}  // namespace
}  // namespace ktx::database
