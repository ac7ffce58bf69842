// Databases in WAL mode, of which SQLite itself wants to make files even to read them.

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "ktx/database/sqlite.hpp"
#include "ktx/util/error.hpp"
#include "sqlite_file.hpp"
#include "temporary_directory.hpp"

namespace ktx::database {
namespace {

namespace fs = std::filesystem;

constexpr uid_t somebody_else = 65534;

class SqliteWalTest : public testing::Test {
 protected:
  SqliteWalTest() { fs::permissions(folder_.path(), fs::perms(0755)); }
  ~SqliteWalTest() override {
    if (is_unprivileged_) {
      EXPECT_EQ(::seteuid(0), 0);
    }
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
      if (entry.is_directory()) fs::permissions(entry.path(), fs::perms(0755));
    }
  }

  fs::path file() const { return folder_.path() / "data" / "shop.db"; }

  /// A connection that writes; while it is open the newest rows are in the WAL alone.
  std::unique_ptr<sqlite3, CloseSqlite> write(const std::string& script) const {
    fs::create_directories(file().parent_path());
    sqlite3* handle = nullptr;
    EXPECT_EQ(sqlite3_open(file().c_str(), &handle), SQLITE_OK);
    std::unique_ptr<sqlite3, CloseSqlite> database(handle);
    EXPECT_EQ(sqlite3_exec(handle, script.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    return database;
  }

  /// Leaves the database and its WAL as a writer does that is killed; of its index nothing.
  void leave_wal_behind() const {
    const auto writer =
        write("pragma journal_mode = wal; create table t (a); insert into t values (1), (2);");
    const fs::path copy = folder_.path() / "copy";
    fs::create_directories(copy);
    for (const char* name : {"shop.db", "shop.db-wal"}) fs::copy(file().parent_path() / name, copy / name);
    fs::rename(file().parent_path(), folder_.path() / "away");
    fs::rename(copy, file().parent_path());
  }

  /// Takes away the right to write from here on; who tests may be root.
  void forbid_writing() {
    fs::permissions(file(), fs::perms(0444));
    fs::permissions(file().parent_path(), fs::perms(0555));
    if (::geteuid() != 0) return;
    ASSERT_EQ(::seteuid(somebody_else), 0);
    is_unprivileged_ = true;
  }

  std::int64_t count() const {
    return std::get<std::int64_t>(
        open_sqlite(file())->execute("SELECT count(*) FROM t", {}).rows.at(0).at(0));
  }

  std::size_t files() const {
    const fs::directory_iterator all(file().parent_path());
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  test::TemporaryDirectory folder_;

 private:
  bool is_unprivileged_ = false;
};

constexpr const char* one_row = "pragma journal_mode = wal; create table t (a); insert into t values (1);";

TEST_F(SqliteWalTest, IsReadWhereNobodyMayWrite) {
  write(one_row);
  ASSERT_TRUE(is_in_wal_mode(file()));
  forbid_writing();
  EXPECT_EQ(count(), 1);
}

TEST_F(SqliteWalTest, AReaderLeavesNothingBehind) {
  write(one_row);
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(files(), 1U);
  // What other readers leave is no hindrance, and stays as it is.
  std::ofstream(file().string() + "-wal");
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(files(), 2U);
}

TEST_F(SqliteWalTest, SeesWhatAWriterHasOnlyInTheWal) {
  const auto writer = write(std::string(one_row) + "insert into t values (2);");
  EXPECT_EQ(count(), 2);
}

TEST_F(SqliteWalTest, SeesTheWalOfAWriterThatWasKilledAndLeavesNothing) {
  leave_wal_behind();
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(files(), 2U);
  forbid_writing();
  EXPECT_EQ(count(), 2);
}

TEST_F(SqliteWalTest, AWriterThatComesMeanwhileIsSeenByTheNextStatement) {
  write(one_row);
  const auto executor = open_sqlite(file());
  const auto counted = [&] { return executor->execute("SELECT count(*) FROM t", {}).rows.at(0).at(0); };
  EXPECT_EQ(counted(), Value(std::int64_t{1}));
  const auto writer = write("insert into t values (2);");
  EXPECT_EQ(counted(), Value(std::int64_t{2}));
  ASSERT_EQ(sqlite3_exec(writer.get(), "insert into t values (3)", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(counted(), Value(std::int64_t{3}));
}

TEST_F(SqliteWalTest, SaysWhatAWalIsThatCannotBeRead) {
  leave_wal_behind();
  fs::permissions(file().string() + "-wal", fs::perms(0));
  forbid_writing();
  try {
    count();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), file().string() +
                                   " is in WAL mode, and its newest rows are in shop.db-wal beside "
                                   "it: SQLite reads these only where it may read that file and "
                                   "write in " +
                                   file().parent_path().string());
    EXPECT_NE(error.fix().find("PRAGMA journal_mode = DELETE"), std::string::npos);
  }
}

}  // namespace
}  // namespace ktx::database
