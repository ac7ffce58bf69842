#include <gtest/gtest.h>

#include "search_fixture.hpp"

namespace ktx::search {
namespace {

using test::Names;

class DatabaseValuesTest : public test::SearchTest {
 protected:
  std::string dictionary_note(const std::string& query = "anything") const {
    const Answer answer = search(query);
    EXPECT_EQ(answer.lanes[1].status, LaneStatus::available);
    EXPECT_TRUE(answer.notes.empty());
    return answer.lanes[1].reason;
  }

  Names indexed_values() const {
    search("anything");
    return test::first_column(
        index_file(),
        "SELECT value FROM local_sl_dictionary_values WHERE column_name = 'status' ORDER BY value");
  }
};

TEST_F(DatabaseValuesTest, KeepsTheMostFrequentShortTexts) {
  test::run_sql(
      database(),
      "DELETE FROM orders; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) "
      "INSERT INTO orders SELECT i, printf('v%03d', i) FROM n;"
      "INSERT INTO orders VALUES (0, 'v150'), (0, 7), (0, x'41'), (0, NULL), (0, ''), (0, cast(x'c328' AS "
      "TEXT)),"
      "(0, printf('%.80c', 'a')), (0, printf('%.80c', 'a')), (0, printf('%.81c', 'b')), (0, printf('%.81c', "
      "'b'))");
  const Names values = indexed_values();
  EXPECT_EQ(values.size(), 100U);
  EXPECT_EQ(values.front(), std::string(80, 'a'));
  EXPECT_EQ(values[1], "v001");
  EXPECT_EQ(values[98], "v098");
  EXPECT_EQ(values[99], "v150");  // twice, before v099, which is there once
}

TEST_F(DatabaseValuesTest, LooksAtTenThousandRows) {
  test::run_sql(
      database(),
      "DELETE FROM orders; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) "
      "INSERT INTO orders SELECT i, iif(i < 10000, 'early', iif(i = 10000, 'last', 'late')) FROM n");
  EXPECT_EQ(indexed_values(), (Names{"early", "last"}));
}

TEST_F(DatabaseValuesTest, ReadsASourceOfSql) {
  write_source("orders",
               "sql: \"select 'made up' as status, 1 as id; -- end\"\ngrain: [id]\ncolumns:\n"
               "  - { name: id, type: number }\n  - { name: status, type: string }\n");
  EXPECT_FALSE(dictionary_note().empty());  // a comment behind the semicolon is not one statement
  write_source("orders",
               "sql: \"select 'made up' as status, 1 as id -- end\"\ngrain: [id]\ncolumns:\n"
               "  - { name: id, type: number }\n  - { name: status, type: string }\n");
  EXPECT_EQ(indexed_values(), (Names{"made up"}));
  EXPECT_EQ(dictionary_note(), "");
}

TEST_F(DatabaseValuesTest, AColumnThatIsNotThereIsANote) {
  write_source("orders",
               "table: orders\ngrain: [id]\ncolumns:\n  - { name: id, type: number }\n"
               "  - { name: \"sta\\\"tus\", type: string }\n");
  const std::string note = dictionary_note();
  EXPECT_NE(note.find("values of connection shop were not read: orders: "), std::string::npos) << note;
  EXPECT_NE(note.find("no such column"), std::string::npos) << note;
  EXPECT_EQ(dictionary_note(), note);  // remembered: the database is not asked again
  EXPECT_EQ(search("anything").updated, UpdateCounts{});
}

TEST_F(DatabaseValuesTest, AMissingDatabaseIsANote) {
  std::filesystem::remove(database());
  EXPECT_NE(dictionary_note().find("there is no SQLite database at"), std::string::npos);
  EXPECT_EQ(found("web"), (Names{"visits"}));  // what the model lists needs no database
  test::run_sql(database(), "CREATE TABLE orders (id, status); INSERT INTO orders VALUES (1, 'late')");
  EXPECT_EQ(found("late"), (Names{"orders"}));
}

TEST_F(DatabaseValuesTest, AFileThatIsNoDatabaseIsANote) {
  folder_.write("shop.db", std::string(5000, 'x'));
  EXPECT_NE(dictionary_note().find("file is not a database"), std::string::npos);
  EXPECT_EQ(found("revenue"), (Names{"orders"}));
}

TEST_F(DatabaseValuesTest, AnUnsetVariableIsANote) {
  folder_.write("ktx.yaml",
                "project: a\nconnections: { shop: { driver: sqlite, path: env:NOWHERE, readonly: true } }\n");
  EXPECT_NE(dictionary_note().find("NOWHERE"), std::string::npos);
}

TEST_F(DatabaseValuesTest, RowsThatTakeTooLongAreANote) {
  write_source("orders",
               "sql: \"with recursive n(i) as (select 1 union all select i + 1 from n) select 'x' as status, "
               "count(*) as id from n\"\ngrain: [id]\ncolumns:\n  - { name: id, type: number }\n"
               "  - { name: status, type: string }\n");
  EXPECT_NE(dictionary_note().find("its rows take too long to read"), std::string::npos);
  EXPECT_EQ(search("anything").updated, UpdateCounts{});
}

TEST_F(DatabaseValuesTest, OnlyReadOnlyConnectionsAreRead) {
  EXPECT_EQ(indexed_values(), (Names{"paid", "refunded"}));
  folder_.write("ktx.yaml", "project: a\nconnections: { shop: { driver: sqlite, path: shop.db } }\n");
  EXPECT_TRUE(indexed_values().empty());
  EXPECT_EQ(dictionary_note(), "");
}

}  // namespace
}  // namespace ktx::search
