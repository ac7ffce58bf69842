#include "ktx/app/new_connection.hpp"

#include <gtest/gtest.h>

#include "expect_error.hpp"

namespace ktx::app {
namespace {

NewConnection file_connection() {
  NewConnection connection;
  connection.driver = "SQLite";
  connection.id = "shop";
  connection.path = "shop.db";
  return connection;
}

TEST(NewConnection, IsAMappingInTheOrderInWhichPeopleReadIt) {
  NewConnection connection = file_connection();
  connection.schemas = {"main"};
  connection.settings = {{"timeout", 5}};
  EXPECT_EQ(compact_json(connection_mapping(connection)),
            R"({"driver":"sqlite","path":"shop.db","schemas":["main"],"timeout":5,"readonly":true})");
}

TEST(NewConnection, MustSayWhereItsDatabaseIs) {
  NewConnection connection = file_connection();
  connection.path.reset();
  EXPECT_EQ(missing_place(connection), MissingPlace::file);
  EXPECT_EQ(ktx::test::error_of([&] { connection_mapping(connection); }).kind(), ErrorKind::usage);
  connection.driver = "postgres";
  EXPECT_EQ(missing_place(connection), MissingPlace::server);
  connection.url = "env:DATABASE_URL";
  EXPECT_EQ(missing_place(connection), MissingPlace::none);
}

TEST(NewConnection, HasADriverThatIsKnownAndEachSettingOnce) {
  NewConnection connection = file_connection();
  connection.settings = {{"path", "other.db"}};
  EXPECT_EQ(ktx::test::error_of([&] { connection_mapping(connection); }).message(),
            "The setting path is given twice");
  connection.driver = "postgress";
  EXPECT_TRUE(ktx::test::error_of([&] { check_new_driver(connection.driver); })
                  .message()
                  .starts_with("The driver \"postgress\" is not known; did you mean \"postgres\"?"));
}

TEST(NewConnection, KeepsCredentialsOutOfTheFile) {
  EXPECT_EQ(literal_credentials({{"password", "hunter2"}, {"url", "postgresql://u:p@h/d"}, {"user", "u"}}),
            (std::vector<std::string>{"password", "url"}));
  EXPECT_TRUE(literal_credentials({{"password", "env:PASSWORD"}, {"url", "file:/run/url"}}).empty());
  EXPECT_TRUE(has_password("mysql://u:p@ss@h/d"));
  EXPECT_FALSE(has_password("mysql://u@h/d"));
  EXPECT_TRUE(is_secret_reference("env:NAME"));
  EXPECT_FALSE(is_secret_reference("env:not a name"));
}

}  // namespace
}  // namespace ktx::app
