#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <string>

#include "ktx/database/open_executor.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "temporary_directory.hpp"

namespace ktx::database {
namespace {

namespace fs = std::filesystem;

constexpr const char* schema =
    "create table orders (id integer primary key, status text, amount real, note text, raw blob);"
    "insert into orders values (1, 'paid', 10.5, null, x'00ff'), (2, 'paid', 4, '', null),"
    "  (3, 'refunded', 9007199254740993, 'a;b--c', x'');";

class SqliteExecutorTest : public testing::Test {
 protected:
  SqliteExecutorTest() {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open((folder_.path() / "shop.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, schema, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
    connection_.id = "shop";
    connection_.driver = "sqlite";
    connection_.path = "shop.db";
    connection_.readonly = true;
  }

  std::unique_ptr<Executor> open() const { return open_executor(connection_, environment_, folder_.path()); }

  Result run(const std::string& sql, std::optional<std::int64_t> max_rows = {}) const {
    return open()->execute(sql, {max_rows, {}});
  }

  /// "kind: message" of what opening or running throws.
  std::string error_of(const std::string& sql) const {
    try {
      run(sql);
    } catch (const Error& error) {
      EXPECT_FALSE(error.fix().empty());
      return std::string(id(error.kind())) + ": " + error.message();
    }
    return "no error";
  }

  test::TemporaryDirectory folder_;
  Environment environment_;
  project::Connection connection_;
};

TEST_F(SqliteExecutorTest, GivesTypedValues) {
  const Result result = run("SELECT id, status AS s, amount, note, raw FROM orders ORDER BY id");
  EXPECT_EQ(result.columns, (std::vector<std::string>{"id", "s", "amount", "note", "raw"}));
  ASSERT_EQ(result.rows.size(), 3U);
  EXPECT_EQ(result.rows[0], (std::vector<Value>{std::int64_t{1}, "paid", 10.5, std::monostate{},
                                                Blob{std::string("\0\xFF", 2)}}));
  EXPECT_EQ(result.rows[1][3], Value(""));
  EXPECT_EQ(result.rows[2][4], Value(Blob{}));
  EXPECT_EQ(to_hex(std::get<Blob>(result.rows[0][4])), "00ff");
}

TEST_F(SqliteExecutorTest, KeepsWholeNumbersBeyondTheReachOfReals) {
  EXPECT_EQ(run("select 9007199254740993").rows[0][0], Value(std::int64_t{9007199254740993}));
}

TEST_F(SqliteExecutorTest, CapsRowsWithoutChangingTheirOrder) {
  const std::string sql = "SELECT id FROM orders ORDER BY id DESC LIMIT 1000; -- the end";
  const Result result = run(sql, 2);
  ASSERT_EQ(result.rows.size(), 2U);
  EXPECT_EQ(result.rows[0][0], Value(std::int64_t{3}));
  EXPECT_EQ(result.rows[1][0], Value(std::int64_t{2}));
  EXPECT_EQ(run("SELECT id FROM orders -- no semicolon", 1).rows.size(), 1U);
  EXPECT_EQ(run(sql).rows.size(), 3U);
}

TEST_F(SqliteExecutorTest, RunsSelectAndWithOnly) {
  EXPECT_EQ(run("/* a */ -- b\n  WITH t AS (SELECT 1) SELECT * FROM t ;; ").rows.size(), 1U);
  const std::string refusal = "database: Only read-only SELECT/WITH queries can be executed locally: ";
  EXPECT_EQ(error_of("DELETE FROM orders"),
            refusal + "this is another statement, which begins with `DELETE`.");
  EXPECT_EQ(error_of("SELECT 1; -- so\n DELETE FROM orders"),
            refusal + "a second statement follows, which begins with `DELETE`.");
  EXPECT_EQ(error_of("SELECT 1; = 2"), refusal + "a second statement follows.");
  EXPECT_EQ(error_of("WITH t AS (SELECT 1) DELETE FROM orders"), refusal + "this one would write.");
  EXPECT_EQ(error_of("PRAGMA query_only = 0"),
            refusal + "this is another statement, which begins with `PRAGMA`.");
  EXPECT_EQ(error_of("selection"), refusal + "this is another statement, which begins with `selection`.");
  EXPECT_EQ(error_of(" -- nothing"), refusal + "there is no statement.");
  EXPECT_EQ(run("SELECT count(*) FROM orders").rows[0][0], Value(std::int64_t{3}));
}

TEST_F(SqliteExecutorTest, ReportsWhatTheDatabaseRefuses) {
  EXPECT_EQ(error_of("SELECT * FROM nowhere"), "database: SQLite refused the query on " +
                                                   (folder_.path() / "shop.db").string() +
                                                   ": no such table: nowhere");
  EXPECT_EQ(error_of("SELECT abs(-9223372036854775808)"), "database: SQLite failed to run the query on " +
                                                              (folder_.path() / "shop.db").string() +
                                                              ": integer overflow");
}

TEST_F(SqliteExecutorTest, OfSqlThatKtxCompiledTheQuestionIsToCorrect) {
  const auto fix_of = [&](const std::string& sql, bool compiled) -> std::string {
    try {
      open()->execute(sql, {.max_rows = {}, .interrupted = {}, .compiled = compiled});
    } catch (const Error& error) {
      return error.fix();
    }
    return "no error";
  };
  EXPECT_EQ(fix_of("SELECT 1; SELECT 2", false), "Run one SELECT statement.");
  EXPECT_EQ(fix_of("SELECT 1 +", false), "Correct the SQL.");
  EXPECT_EQ(fix_of("SELECT * FROM nowhere", false), "Correct the name, or the connection's path in ktx.yaml");
  EXPECT_EQ(fix_of("SELECT * FROM nowhere", true),
            "Compare the model's tables, columns and functions with the database");
  for (const char* sql : {"SELECT 1; SELECT 2", "SELECT 1 +", "SELECT abs(-9223372036854775808)"}) {
    EXPECT_EQ(fix_of(sql, true).find("Correct the expression of the question or the model"), 0U) << sql;
    EXPECT_NE(fix_of(sql, true).find("`--format sql` shows it"), std::string::npos) << sql;
  }
}

TEST_F(SqliteExecutorTest, TheFileMustBeADatabaseThatExists) {
  connection_.path = "other.db";
  EXPECT_EQ(error_of("SELECT 1"),
            "database: There is no SQLite database at " + (folder_.path() / "other.db").string());
  EXPECT_FALSE(fs::exists(folder_.path() / "other.db"));
  folder_.write("other.db", std::string(4096, 'x'));
  EXPECT_EQ(error_of("SELECT * FROM t"), "database: SQLite refused the query on " +
                                             (folder_.path() / "other.db").string() +
                                             ": file is not a database");
}

TEST_F(SqliteExecutorTest, TheFileIsNamedByPathOrUrl) {
  const std::string absolute = (folder_.path() / "shop.db").string();
  environment_.variables["SHOP_DB"] = "sqlite:" + absolute;
  environment_.variables["SHOP_PATH"] = "shop.db";
  folder_.write("secret", "shop.db\n");
  for (const std::string& path : {std::string("env:SHOP_PATH"), std::string("file:secret"), absolute}) {
    connection_.path = path;
    EXPECT_EQ(run("SELECT 1").rows.size(), 1U) << path;
  }
  connection_.path.reset();
  for (const std::string& url :
       {"file:" + absolute, "sqlite://" + absolute + "?mode=ro", std::string("env:SHOP_DB"),
        std::string("sqlite:sh%6Fp.db"), std::string("shop.db")}) {
    connection_.url = url;
    EXPECT_EQ(run("SELECT 1").rows.size(), 1U) << url;
  }
  connection_.url.reset();
  EXPECT_EQ(error_of("SELECT 1"), "connection: The SQLite connection shop names no database file");
}

TEST_F(SqliteExecutorTest, TheConnectionMustBeReadOnlyAndOfAKnownDriver) {
  connection_.readonly = false;
  EXPECT_EQ(error_of("SELECT 1"), "connection: The connection shop is not marked as read-only");
  connection_.driver = "Oracle";
  EXPECT_EQ(error_of("SELECT 1"), "connection: No local query executor is configured for driver \"Oracle\".");
  connection_.driver = "SQLite3";
  connection_.readonly = true;
  EXPECT_EQ(error_of("SELECT 1"), "no error");
}

TEST_F(SqliteExecutorTest, TheFixFitsTheCause) {
  const auto fix_of = [&](const std::string& sql) -> std::string {
    try {
      run(sql);
    } catch (const Error& error) {
      return error.fix();
    }
    return "no error";
  };
  EXPECT_NE(fix_of("SELECT NOW()").find("datetime('now')"), std::string::npos);
  EXPECT_NE(fix_of("SELECT gone FROM orders").find("Correct the name"), std::string::npos);
  connection_.path = "other.db";
  folder_.write("other.db", "");
  EXPECT_EQ(fix_of("SELECT * FROM orders"), "The file is empty. Correct the connection's path in ktx.yaml");
  folder_.write("other.db", std::string(4096, 'x'));
  EXPECT_EQ(fix_of("SELECT 1 FROM t"), "Correct the connection's path in ktx.yaml");
  folder_.write("other.db", std::string(8, 'x') + "DUCK" + std::string(4096, 'x'));
  EXPECT_NE(fix_of("SELECT 1 FROM t").find("write `driver: duckdb`"), std::string::npos);
  // The version that is needed to read it is in byte 19; there is none beyond 2 yet.
  std::string newer = read_file(folder_.path() / "shop.db");
  newer[19] = 3;
  folder_.write("other.db", newer);
  EXPECT_NE(
      fix_of("SELECT 1 FROM orders").find("A newer SQLite than the " + std::string(sqlite3_libversion())),
      std::string::npos);
  std::string damaged = read_file(folder_.path() / "shop.db");
  damaged.replace(100, 2000, 2000, 'x');
  folder_.write("other.db", damaged);
  EXPECT_NE(fix_of("SELECT * FROM orders").find("The file is damaged"), std::string::npos);
}

TEST_F(SqliteExecutorTest, NamesTheColumnsOfTextsThatAreNotUtf8) {
  const Result result = run("SELECT 'a' AS a, CAST(x'4a6f73e9' AS TEXT) AS b, x'ff' AS c, 'é' AS d");
  EXPECT_EQ(result.not_utf8, std::vector<std::size_t>{1});
  EXPECT_EQ(run("SELECT 'é'").not_utf8, std::vector<std::size_t>{});
}

TEST_F(SqliteExecutorTest, AStatementHasALimitOfTime) {
  const char* endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
  const auto executor = open();
  EXPECT_EQ(ExecuteOptions().time_limit, std::chrono::seconds(30));
  ExecuteOptions options;
  options.time_limit = std::chrono::milliseconds(20);
  try {
    executor->execute(endless, options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::database);
    EXPECT_EQ(error.message(), "The database took too long: no answer within 0.02 seconds.");
    EXPECT_EQ(error.fix(), "Ask for less: a statement may take 0.02 seconds");
  }
  EXPECT_EQ(executor->execute("SELECT 1", {}).rows.size(), 1U);
}

TEST_F(SqliteExecutorTest, StopsWhenInterrupted) {
  const char* endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
  const auto executor = open();
  int asked = 0;
  const ExecuteOptions options{{}, [&] { return ++asked == 3; }};
  try {
    executor->execute(endless, options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(executor->execute("SELECT 1", {}).rows.size(), 1U);
}

}  // namespace
}  // namespace ktx::database
