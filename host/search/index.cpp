#include "index.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <utility>

#include "ktx/util/access.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/filesystem.hpp"
#include "words.hpp"

namespace ktx::search {
namespace {

SqliteConnection with_tables(SqliteConnection database) {
  ensure_tables(database);
  return database;
}

}  // namespace

Index::Index(SqliteConnection database)
    : database_(with_tables(std::move(database))),
      splitter_(database_.handle()),
      stemmer_(database_.handle(), WordSplitter::Endings::removed) {}

namespace {

// A comment in the definition of ktx's own tables, of any version. SQLite keeps the statement that made a
// table, and with it the comment.
constexpr std::string_view own_mark = "-- the search index of ktx";

struct Table {
  const char* name;
  std::string sql;  ///< if the database has another statement, the table is made again
};

std::array<Table, 4> tables() {
  const std::string words(word_rule);
  return {{
      {"local_sl_sources_fts",
       "CREATE VIRTUAL TABLE local_sl_sources_fts USING fts5(title, text, tokenize = \"porter " + words +
           "\")"},
      {"local_sl_sources",
       "CREATE TABLE local_sl_sources (" + std::string(own_mark) +
           "\n  id INTEGER PRIMARY KEY,\n  connection_id TEXT NOT NULL,\n  name TEXT NOT NULL,\n"
           "  text_hash TEXT NOT NULL,\n  words TEXT NOT NULL,\n  meaning TEXT NOT NULL,\n"
           "  values_hash TEXT NOT NULL,\n  database_stamp TEXT NOT NULL,\n  values_note TEXT NOT NULL,\n"
           "  embedding BLOB,\n  embedding_backend TEXT,\n  embedding_checksum TEXT,\n"
           "  embedding_dimensions INTEGER,\n  UNIQUE (connection_id, name)\n)"},
      {"local_sl_dictionary_values_fts",
       "CREATE VIRTUAL TABLE local_sl_dictionary_values_fts USING fts5(value, tokenize = \"" + words + "\")"},
      {"local_sl_dictionary_values",
       "CREATE TABLE local_sl_dictionary_values (" + std::string(own_mark) +
           "\n  id INTEGER PRIMARY KEY,\n  source_id INTEGER NOT NULL,\n  column_name TEXT NOT NULL,\n"
           "  value TEXT NOT NULL,\n  UNIQUE (source_id, column_name, value)\n)"},
  }};
}

// The statement that made the table or view of that name; std::nullopt if there is none.
std::optional<std::string> existing_sql(const SqliteConnection& database, const std::string& name) {
  SqliteStatement statement =
      database.prepare("SELECT sql FROM sqlite_schema WHERE lower(name) = ?1 AND type IN ('table', 'view')");
  statement.bind(1, name);
  if (!statement.step()) return std::nullopt;
  return statement.text(0);
}

bool are_current(const SqliteConnection& database) {
  return std::ranges::all_of(
      tables(), [&](const Table& table) { return existing_sql(database, table.name) == table.sql; });
}

// Whether ktx made the table. A full-text table's definition cannot hold a comment, so it counts as what its
// plain table is.
bool is_own(const SqliteConnection& database, std::string name) {
  if (name.ends_with("_fts")) name.resize(name.size() - 4);
  return existing_sql(database, name).value_or("").find(own_mark) != std::string::npos;
}

void move_aside(SqliteConnection& database, const std::string& name) {
  std::string free = name + "_foreign";
  for (int i = 2; existing_sql(database, free); ++i) free = name + "_foreign_" + std::to_string(i);
  database.run("ALTER TABLE " + name + " RENAME TO " + free);
}

// Full-text tables come first in `tables()`, while their plain tables still tell whose they are.
void make_room(SqliteConnection& database) {
  for (const Table& table : tables()) {
    if (!existing_sql(database, table.name)) continue;
    if (is_own(database, table.name)) {
      database.run("DROP TABLE " + std::string(table.name));
    } else {
      move_aside(database, table.name);
    }
  }
}

// Whether FTS5 can still open the table. If not, DROP TABLE fails too.
bool opens(const SqliteConnection& database, const std::string& name) {
  try {
    database.prepare("SELECT rowid FROM " + name + " LIMIT 0");
    return true;
  } catch (const SqliteFailure&) {
    return false;
  }
}

// Removes full-text tables that FTS5 can no longer open from the schema, and drops the shadow tables that
// hold their data.
void drop_broken_full_text(SqliteConnection& database) {
  for (const Table& table : tables()) {
    const std::string name = table.name;
    if (!name.ends_with("_fts") || !existing_sql(database, name)) continue;
    if (!is_own(database, name) || opens(database, name)) continue;
    Transaction transaction(database, Transaction::Kind::writing);
    database.run("PRAGMA writable_schema = ON");
    database.prepare("DELETE FROM sqlite_schema WHERE name = ?1").bind(1, name).run();
    database.run("PRAGMA writable_schema = RESET");
    for (const char* part : {"_data", "_idx", "_content", "_docsize", "_config"}) {
      database.run("DROP TABLE IF EXISTS " + name + part);
    }
    transaction.commit();
  }
}

}  // namespace

void ensure_tables(SqliteConnection& database) {
  if (are_current(database)) return;
  Transaction transaction(database, Transaction::Kind::writing);
  if (!are_current(database)) {  // another process may have been faster
    make_room(database);
    for (const Table& table : tables()) database.run(table.sql);
  }
  transaction.commit();
}

void drop_tables(SqliteConnection& database) {
  drop_broken_full_text(database);
  Transaction transaction(database, Transaction::Kind::writing);
  for (const Table& table : tables()) {
    if (is_own(database, table.name)) database.run("DROP TABLE IF EXISTS " + std::string(table.name));
  }
  transaction.commit();
}

namespace {

namespace fs = std::filesystem;

constexpr const char* shown_file = ".ktx/db.sqlite";
constexpr std::string_view ignored_files =
    "# What ktx keeps for itself on this machine; it is made anew when it is missing.\ndb.sqlite*\n*.lock\n";

// Opens, repairs and replaces the index file of one project.
class IndexFile {
 public:
  explicit IndexFile(const IndexPlace& place)
      : place_(place), folder_(place.project_directory / ".ktx"), file_(folder_ / "db.sqlite") {}

  SqliteConnection open() const {
    const bool is_new = !path_exists(file_);
    SqliteConnection database(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, place_.busy_timeout_ms);
    if (is_new) give_to_owner_of_folder(file_);
    return database;
  }

  // Makes the folder, with the file that keeps it out of git. Throws `io`.
  void make_folder() const {
    make_user_directories(folder_);
    const fs::path ignore = folder_ / ".gitignore";
    // Only with the first index: a user who removed the file later did so on purpose.
    if (!path_exists(file_) && !path_exists(ignore)) write_user_file(ignore, ignored_files);
  }

  // Makes a damaged index usable again; returns what was done. Under a lock, so that two searches do not
  // repair at once.
  std::string mend() const {
    const FileLock lock = FileLock::acquire(folder_ / "db.sqlite.lock", LockMode::exclusive);
    if (is_sound()) {
      SqliteConnection database = open();
      drop_tables(database);
      return "The search index in " + std::string(shown_file) + " was damaged and is made anew";
    }
    return std::string(shown_file) + " was damaged; it is now " + move_aside() +
           ", and the search index is made anew";
  }

  // Moves the whole file away, after `mend` has not helped; returns what was done.
  std::string replace() const {
    const FileLock lock = FileLock::acquire(folder_ / "db.sqlite.lock", LockMode::exclusive);
    return std::string(shown_file) + " was damaged; it is now " + move_aside() +
           ", and the search index is made anew";
  }

  // A copy of the file in memory; empty if the file cannot be read.
  SqliteConnection copy() const {
    SqliteConnection memory = SqliteConnection::in_memory();
    if (!path_exists(file_)) return memory;
    try {
      const SqliteConnection source(file_, SQLITE_OPEN_READONLY, 0);
      memory.copy_from(source);
      ensure_tables(memory);
    } catch (const SqliteFailure&) {
      return SqliteConnection::in_memory();
    }
    return memory;
  }

 private:
  // Whether SQLite finds the file itself in order. quick_check does not look into full-text tables.
  bool is_sound() const {
    try {
      const SqliteConnection database = open();
      SqliteStatement check = database.prepare("PRAGMA quick_check(1)");
      return check.step() && check.text(0) == "ok";
    } catch (const SqliteFailure& failure) {
      if (failure.is_damage()) return false;
      throw;
    }
  }

  // Renames the database and SQLite's files beside it, these first: if the database went first and the rest
  // was interrupted, its journal would be applied to the next database.
  std::string move_aside() const {
    std::string name = "db.sqlite.damaged";
    for (int i = 2; path_exists(folder_ / name); ++i) name = "db.sqlite.damaged-" + std::to_string(i);
    for (const char* suffix : {"-journal", "-wal", "-shm", ""}) {
      const fs::path from = file_.string() + suffix;
      if (!path_exists(from)) continue;
      std::error_code fault;
      fs::rename(from, folder_ / (name + suffix), fault);
      if (fault) throw system_error("Cannot rename", from.string(), fault.value());
    }
    return ".ktx/" + name;
  }

  const IndexPlace& place_;
  fs::path folder_;
  fs::path file_;
};

// Tries the file until it works, or until it cannot be repaired.
class Attempts {
 public:
  Attempts(const IndexPlace& place, const std::function<void(Index&)>& work)
      : file_(place), anew_(place.anew), work_(work) {}

  std::vector<std::string> run() {
    if (!run_on_file()) run_in_memory();
    return std::move(notes_);
  }

 private:
  bool run_on_file() {
    // As it is, with its tables made anew, with a new file.
    constexpr int most_attempts = 3;
    for (int attempt = 1;; ++attempt) {
      try {
        run_once();
        return true;
      } catch (const SqliteFailure& failure) {
        if (!failure.is_damage() || attempt == most_attempts || !mend(attempt)) {
          if (reason_.empty()) reason_ = failure.message;
          return false;
        }
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::io) throw;
        reason_ = error.message();
        return false;
      }
    }
  }

  void run_once() {
    file_.make_folder();
    SqliteConnection database = file_.open();
    if (std::exchange(anew_, false)) drop_tables(database);
    Index index(std::move(database));
    work_(index);
  }

  // Whether the file can be tried again.
  bool mend(int attempt) {
    try {
      notes_.push_back(attempt == 1 ? file_.mend() : file_.replace());
      return true;
    } catch (const SqliteFailure& failure) {
      reason_ = failure.message;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      reason_ = error.message();
    }
    return false;
  }

  void run_in_memory() {
    notes_.push_back("The search index cannot be kept in " + std::string(shown_file) + " (" + reason_ +
                     "); it is made in memory, for this search only");
    try {
      Index index(file_.copy());
      work_(index);
      return;
    } catch (const SqliteFailure& failure) {
      if (!failure.is_damage()) throw defect(failure);
    }
    try {  // what was copied is damaged too
      Index index(SqliteConnection::in_memory());
      work_(index);
    } catch (const SqliteFailure& failure) {
      throw defect(failure);
    }
  }

  static Error defect(const SqliteFailure& failure) {
    return {ErrorKind::internal, "The search index failed in memory: " + failure.message,
            "This is a defect of ktx; please report it with the command that you ran"};
  }

  IndexFile file_;
  bool anew_;
  const std::function<void(Index&)>& work_;
  std::string reason_;
  std::vector<std::string> notes_;
};

}  // namespace

std::vector<std::string> with_index(const IndexPlace& place, const std::function<void(Index&)>& work) {
  return Attempts(place, work).run();
}

}  // namespace ktx::search
