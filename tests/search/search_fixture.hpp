#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "fake_embeddings.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/search/search.hpp"
#include "temporary_directory.hpp"

namespace ktx::search::test {

/// Embeddings that a search must not ask for.
inline Embeddings no_embeddings() { return {embedding_unconfigured, "", {}}; }

/// Runs SQL on a database file, which is made when it is not there.
inline void run_sql(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  char* fault = nullptr;
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, &fault), SQLITE_OK) << fault;
  sqlite3_free(fault);
  sqlite3_close(database);
}

/// The values of the first column that a query gives.
inline std::vector<std::string> first_column(const std::filesystem::path& file, const std::string& sql) {
  std::vector<std::string> values;
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
  const auto append = [](void* list, int, char** row, char**) {
    static_cast<std::vector<std::string>*>(list)->emplace_back(row[0] == nullptr ? "" : row[0]);
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), append, &values, nullptr), SQLITE_OK) << sql;
  sqlite3_close(database);
  return values;
}

/// A project in a folder of its own with the connection `shop`, a read-only SQLite file.
class SearchTest : public testing::Test {
 protected:
  SearchTest() {
    folder_.write("ktx.yaml",
                  "project: a\nconnections: { shop: { driver: sqlite, path: shop.db, readonly: true } }\n");
    write_source("orders",
                 "description: Everything sold.\ntable: orders\ngrain: [id]\ncolumns:\n"
                 "  - { name: id, type: number }\n  - { name: status, type: string }\n"
                 "measures:\n  - { name: revenue, expr: sum(amount), description: Money in }\n");
    write_source("visits",
                 "description: Who came by\ntable: visits\ngrain: [id]\ncolumns:\n"
                 "  - { name: id, type: number }\n"
                 "  - { name: channel, type: string, enum_values: { dbt: [web, store] } }\n");
    run_sql(database(),
            "CREATE TABLE orders (id, status); CREATE TABLE visits (id, channel);"
            "INSERT INTO orders VALUES (1, 'paid'), (2, 'paid'), (3, 'refunded')");
  }

  void write_source(const std::string& name, const std::string& yaml) const {
    folder_.write("semantic-layer/shop/" + name + ".yaml", "name: " + name + "\n" + yaml);
  }

  std::filesystem::path database() const { return folder_ / "shop.db"; }
  std::filesystem::path index_file() const { return folder_ / ".ktx/db.sqlite"; }

  /// The project's sources as they are now.
  std::vector<Document> documents() const {
    std::vector<Document> documents;
    for (const std::string& id : project::connections_with_sources(folder_.path())) {
      for (const auto& source : project::load_source_tree(folder_.path(), id).sources) {
        documents.push_back(make_document(id, source));
      }
    }
    return documents;
  }

  Answer search(Request request, const Embeddings& embeddings = no_embeddings()) const {
    return ktx::search::search(project::load_project(folder_.path()), environment_, documents(), request,
                               embeddings);
  }

  Answer search(const std::string& query) const { return search(Request{.query = query}); }

  /// What is found, as names, the best first.
  std::vector<std::string> found(const std::string& query) const { return names(search(query)); }

  std::vector<std::string> names(const Answer& answer) const {
    const auto all = documents();
    std::vector<std::string> names;
    for (const Hit& hit : answer.hits) names.push_back(all[hit.document].name);
    return names;
  }

  ktx::test::TemporaryDirectory folder_;
  Environment environment_;
};

using Names = std::vector<std::string>;

}  // namespace ktx::search::test
