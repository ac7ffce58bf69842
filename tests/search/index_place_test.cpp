#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "index.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "search_fixture.hpp"

namespace ktx::search {
namespace {

using test::Names;

class IndexPlaceTest : public test::SearchTest {
 protected:
  /// The notes of a search that must find what it always finds.
  Names notes(Request request = {.query = "refunded revenue"}) const {
    const Answer answer = search(request);
    EXPECT_EQ(names(answer), (Names{"orders"}));
    return answer.notes;
  }

  std::string only_note() const {
    const Names all = notes();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? "" : all[0];
  }

  Names files() const {
    Names names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / ".ktx")) {
      names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }
};

TEST_F(IndexPlaceTest, AFileThatIsNoDatabaseIsMovedAside) {
  notes();
  test::run_sql(index_file(), "CREATE TABLE runs (id)");
  const std::string rubbish(3 * 4096, '\x5A');
  folder_.write(".ktx/db.sqlite", rubbish);
  EXPECT_EQ(
      only_note(),
      ".ktx/db.sqlite was damaged; it is now .ktx/db.sqlite.damaged, and the search index is made anew");
  EXPECT_EQ(read_file(folder_ / ".ktx/db.sqlite.damaged"), rubbish);
  EXPECT_TRUE(notes().empty());
  EXPECT_EQ(files(), (Names{".gitignore", "db.sqlite", "db.sqlite.damaged", "db.sqlite.lock"}));
  folder_.write(".ktx/db.sqlite", rubbish);
  EXPECT_NE(only_note().find(".ktx/db.sqlite.damaged-2"), std::string::npos);
}

/// Whatever bytes are lost, a search answers, and the next one has nothing more to say.
TEST_F(IndexPlaceTest, ADamagedPageIsMended) {
  notes();
  const std::string whole = read_file(index_file());
  for (std::size_t page = 0; page < whole.size(); page += 4096) {
    SCOPED_TRACE(page / 4096);
    std::string damaged = whole;
    damaged.replace(page, 4096, 4096, '\xA5');
    folder_.write(".ktx/db.sqlite", damaged);
    // Damage to a page that nothing reads is not seen yet; the answer is right all the same.
    const Names first = notes();
    EXPECT_LE(first.size(), 2U);
    EXPECT_TRUE(notes().empty());
    EXPECT_TRUE(notes({.query = "refunded revenue", .reindex = true}).size() <= 2U);
    EXPECT_TRUE(notes({.query = "refunded revenue", .reindex = true}).empty());
  }
}

TEST_F(IndexPlaceTest, ATruncatedFileIsMended) {
  notes();
  const std::string whole = read_file(index_file());
  for (const std::size_t size : {std::size_t{600}, std::size_t{4096}, whole.size() / 2}) {
    folder_.write(".ktx/db.sqlite", whole.substr(0, size));
    EXPECT_FALSE(notes().empty()) << size;
    EXPECT_TRUE(notes().empty()) << size;
  }
}

TEST_F(IndexPlaceTest, DamagedTablesAreMadeAnewInAFileThatIsSound) {
  notes();
  test::run_sql(index_file(),
                "CREATE TABLE runs (id); INSERT INTO runs VALUES ('r1');"
                "UPDATE local_sl_sources_fts_data SET block = x'FFFFFFFFFFFFFFFF' WHERE id > 1;");
  EXPECT_EQ(only_note(), "The search index in .ktx/db.sqlite was damaged and is made anew");
  EXPECT_TRUE(notes().empty());
  EXPECT_EQ(test::first_column(index_file(), "SELECT id FROM runs"), Names{"r1"});
}

TEST_F(IndexPlaceTest, WithoutAPlaceItIsMadeInMemory) {
  folder_.write(".ktx", "a file in the way");
  const std::string note = only_note();
  EXPECT_TRUE(note.starts_with("The search index cannot be kept in .ktx/db.sqlite (")) << note;
  EXPECT_TRUE(note.ends_with("); it is made in memory, for this search only")) << note;
  EXPECT_EQ(read_file(folder_ / ".ktx"), "a file in the way");
}

TEST_F(IndexPlaceTest, AFolderInThePlaceOfTheFileIsNoDamage) {
  std::filesystem::create_directories(index_file());
  EXPECT_NE(only_note().find("unable to open database file"), std::string::npos);
}

/// Another process that never lets go is not waited for forever.
TEST_F(IndexPlaceTest, ALockedIndexIsCopied) {
  notes();
  sqlite3* holder = nullptr;
  ASSERT_EQ(sqlite3_open(index_file().c_str(), &holder), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(holder, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  Request request{.query = "refunded revenue"};
  request.busy_timeout_ms = 1;
  EXPECT_TRUE(notes(request).empty());  // nothing to write: a reader need not wait
  write_source("late", "table: t\ngrain: [id]\ncolumns: [{ name: id, type: number }]\n");
  const Answer answer = search(request);
  ASSERT_EQ(answer.notes.size(), 1U);
  EXPECT_NE(answer.notes[0].find("database is locked"), std::string::npos);
  EXPECT_EQ(answer.updated.texts, 1U);  // the rest came with the copy
  sqlite3_close(holder);
  EXPECT_EQ(search(request).updated.texts, 1U);
}

TEST_F(IndexPlaceTest, AKilledWriterLeavesWhatWasThere) {
  notes();
  const pid_t child = ::fork();
  if (child == 0) {
    with_index({folder_.path(), 1000}, [](Index& index) {
      index.database().run("PRAGMA cache_size = 1");  // so that pages reach the file before the end
      Transaction transaction(index.database(), Transaction::Kind::writing);
      for (int i = 0; i < 500; ++i) {
        index.database().run("INSERT INTO local_sl_sources_fts (text) VALUES ('" + std::string(900, 'x') +
                             "')");
      }
      index.database().run("DELETE FROM local_sl_sources");
      ::raise(SIGKILL);
    });
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  const Answer answer = search("refunded revenue");
  EXPECT_TRUE(answer.notes.empty());
  EXPECT_EQ(answer.updated, UpdateCounts{});
  EXPECT_EQ(names(answer), (Names{"orders"}));
}

/// Eight processes find the same at the same time, on an index that none of them finds ready.
TEST_F(IndexPlaceTest, ManyProcessesShareIt) {
  for (int i = 0; i < 30; ++i) {
    write_source("s" + std::to_string(i), "table: t\ngrain: [id]\ncolumns: [{ name: id, type: number }]\n");
  }
  std::array<int, 2> gate{};
  ASSERT_EQ(::pipe(gate.data()), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(gate[1]);
      char byte = 0;
      static_cast<void>(::read(gate[0], &byte, 1));  // until the gate opens
      const Answer answer = search("refunded revenue");
      ::_exit(answer.notes.empty() && names(answer) == Names{"orders"} ? 0 : 1);
    }
    children.push_back(child);
  }
  ::close(gate[0]);
  ::close(gate[1]);
  for (const pid_t child : children) {
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(search("refunded revenue").updated, UpdateCounts{});
}

TEST_F(IndexPlaceTest, WhatFailsInMemoryTooIsADefect) {
  EXPECT_THROW(with_index({folder_.path(), 1},
                          [](Index&) {
                            throw SqliteFailure{SQLITE_ERROR, "x"};
                          }),
               Error);
}

}  // namespace
}  // namespace ktx::search
