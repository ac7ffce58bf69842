#include <gtest/gtest.h>

#include "ktx/util/filesystem.hpp"
#include "search_fixture.hpp"

namespace ktx::search {
namespace {

using test::Names;

class IndexUpdateTest : public test::SearchTest {
 protected:
  /// How many sources the next search writes.
  UpdateCounts updated() const { return search("anything").updated; }

  std::vector<DictionaryMatch> values_of(const std::string& query) const {
    const Answer answer = search(query);
    return answer.hits.empty() ? std::vector<DictionaryMatch>{} : answer.hits[0].dictionary;
  }
};

TEST_F(IndexUpdateTest, FindsByTextAndByValue) {
  EXPECT_EQ(found("revenue"), (Names{"orders"}));
  EXPECT_EQ(found("refunded"), (Names{"orders"}));
  EXPECT_EQ(values_of("Refunded!"), (std::vector<DictionaryMatch>{{"status", {"refunded"}}}));
  EXPECT_EQ(values_of("web store"), (std::vector<DictionaryMatch>{{"channel", {"store", "web"}}}));
  EXPECT_TRUE(found("xyzzy").empty());
}

TEST_F(IndexUpdateTest, WritesNothingWhenNothingChanged) {
  EXPECT_EQ(updated(), (UpdateCounts{.texts = 2, .values = 2}));
  const auto before = std::filesystem::last_write_time(index_file());
  EXPECT_EQ(updated(), UpdateCounts{});
  EXPECT_EQ(std::filesystem::last_write_time(index_file()), before);
}

TEST_F(IndexUpdateTest, WritesOnlyWhatChanged) {
  updated();
  write_source("visits", "table: visits\ngrain: [id]\ncolumns: [{ name: id, type: number }]\n");
  EXPECT_EQ(updated(), (UpdateCounts{.texts = 1, .values = 1}));
  EXPECT_TRUE(found("store").empty());
  write_source("carts", "table: carts\ngrain: [id]\ncolumns: [{ name: id, type: number }]\n");
  EXPECT_EQ(updated(), (UpdateCounts{.texts = 1, .values = 1}));
  std::filesystem::remove(folder_ / "semantic-layer/shop/orders.yaml");
  EXPECT_EQ(updated(), (UpdateCounts{.removed = 1}));
  EXPECT_EQ(test::first_column(index_file(), "SELECT count(*) FROM local_sl_dictionary_values"), Names{"0"});
  EXPECT_EQ(test::first_column(index_file(), "SELECT count(*) FROM local_sl_sources_fts"), Names{"2"});
}

TEST_F(IndexUpdateTest, ReadsValuesAgainWhenTheDatabaseChanged) {
  updated();
  test::run_sql(database(), "INSERT INTO orders VALUES (4, 'disputed')");
  EXPECT_EQ(updated(), (UpdateCounts{.values = 2}));
  EXPECT_EQ(found("disputed"), (Names{"orders"}));
}

TEST_F(IndexUpdateTest, AConnectionByItselfLeavesTheOthersInTheIndex) {
  folder_.write("semantic-layer/app/events.yaml",
                "table: t\ngrain: [id]\ncolumns: [{ name: id, type: number }]\n");
  EXPECT_EQ(updated().texts, 3U);
  auto all = documents();
  std::erase_if(all, [](const Document& document) { return document.connection_id != "app"; });
  Request request{.query = "events"};
  request.connection_id = "app";
  const auto project = project::load_project(folder_.path());
  const Answer answer = ktx::search::search(project, environment_, all, request, test::no_embeddings());
  EXPECT_EQ(answer.updated, UpdateCounts{});
  ASSERT_EQ(answer.hits.size(), 1U);
  EXPECT_EQ(updated(), UpdateCounts{});
  request.query = "orders";
  EXPECT_TRUE(ktx::search::search(project, environment_, all, request, test::no_embeddings()).hits.empty());
}

TEST_F(IndexUpdateTest, ReindexMakesItAnew) {
  updated();
  Request request{.query = "orders"};
  request.reindex = true;
  EXPECT_EQ(search(request).updated, (UpdateCounts{.texts = 2, .values = 2}));
  request.query = "";
  const Answer listed = search(request);
  EXPECT_EQ(listed.updated.texts, 2U);
  ASSERT_EQ(listed.hits.size(), 2U);
  EXPECT_EQ(listed.hits[1].score, 1);
}

TEST_F(IndexUpdateTest, AnEmptyQueryListsWithoutAnIndex) {
  const Answer answer = search(" \t\n");
  EXPECT_EQ(names(answer), (Names{"orders", "visits"}));
  EXPECT_EQ(answer.hits[0].score, 1);
  EXPECT_TRUE(answer.hits[0].matches.empty());
  for (std::size_t i = 0; i < lane_count; ++i) {
    EXPECT_EQ(answer.lanes[i].kind, all_lanes[i]);
    EXPECT_EQ(answer.lanes[i].status, LaneStatus::skipped);
    EXPECT_EQ(answer.lanes[i].reason, "empty_query");
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / ".ktx"));
}

TEST_F(IndexUpdateTest, TheFolderIsKeptOutOfGit) {
  updated();
  EXPECT_NE(read_file(folder_ / ".ktx/.gitignore").find("\ndb.sqlite*\n"), std::string::npos);
}

TEST_F(IndexUpdateTest, TheBestNamedValueComesFirst) {
  test::run_sql(database(), "INSERT INTO visits VALUES (1, 'paid search')");
  EXPECT_EQ(found("paid"), (Names{"orders", "visits"}));  // all of a value goes before half of one
  EXPECT_EQ(found("paid search"), (Names{"visits", "orders"}));
}

TEST_F(IndexUpdateTest, HiddenColumnsSurfaceNothing) {
  EXPECT_EQ(found("refunded"), (Names{"orders"}));
  write_source("orders",
               "table: orders\ngrain: [id]\ncolumns:\n  - { name: id, type: number }\n"
               "  - { name: status, type: string, visibility: hidden, enum_values: { dbt: [lost] } }\n");
  EXPECT_TRUE(found("refunded").empty());
  EXPECT_TRUE(found("lost").empty());
  EXPECT_TRUE(found("status").empty());
}

/// Also when the database cannot say anything at that moment.
TEST_F(IndexUpdateTest, HiddenColumnsSurfaceNothingWithoutTheirDatabase) {
  EXPECT_EQ(found("refunded"), (Names{"orders"}));
  std::filesystem::remove(database());
  EXPECT_EQ(found("refunded"), (Names{"orders"}));  // what was read before is still the best that is known
  write_source("orders",
               "table: orders\ngrain: [id]\ncolumns:\n  - { name: id, type: number }\n"
               "  - { name: status, type: string, visibility: hidden }\n");
  EXPECT_TRUE(found("refunded").empty());
}

TEST_F(IndexUpdateTest, ForeignTablesStayAndTablesOfTheSameNameAreMovedAside) {
  std::filesystem::create_directory(folder_ / ".ktx");
  test::run_sql(index_file(),
                "CREATE TABLE runs (id); INSERT INTO runs VALUES ('r1');"
                "CREATE TABLE local_sl_sources (connection_id TEXT, source_name TEXT, embedding TEXT);"
                "INSERT INTO local_sl_sources VALUES ('c', 'precious', '[]');"
                "CREATE VIRTUAL TABLE local_sl_sources_fts USING fts5(source_name);"
                "INSERT INTO local_sl_sources_fts VALUES ('precious words');"
                "CREATE TABLE local_sl_sources_foreign (x)");
  EXPECT_EQ(found("revenue"), (Names{"orders"}));
  EXPECT_EQ(found("revenue"), (Names{"orders"}));
  EXPECT_EQ(test::first_column(index_file(), "SELECT id FROM runs"), Names{"r1"});
  EXPECT_EQ(test::first_column(index_file(), "SELECT source_name FROM local_sl_sources_foreign_2"),
            Names{"precious"});
  EXPECT_EQ(test::first_column(index_file(),
                               "SELECT source_name FROM local_sl_sources_fts_foreign "
                               "WHERE local_sl_sources_fts_foreign MATCH 'words'"),
            Names{"precious words"});
}

TEST_F(IndexUpdateTest, TablesOfAnotherVersionOfKtxAreMadeAnew) {
  updated();
  test::run_sql(index_file(), "ALTER TABLE local_sl_sources ADD COLUMN later");
  EXPECT_EQ(updated().texts, 2U);
  EXPECT_EQ(updated().texts, 0U);
  EXPECT_TRUE(
      test::first_column(index_file(), "SELECT name FROM sqlite_schema WHERE name LIKE '%foreign%'").empty());
}

}  // namespace
}  // namespace ktx::search
