#include "index_schema.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "words.hpp"

namespace ktx::search {
namespace {

/// Stands in the tables that are ktx's own, whichever version made them.
constexpr std::string_view own_mark = "-- the search index of ktx";

struct Table {
  const char* name;
  std::string sql;  ///< compared with what the database has: a changed one is made anew
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
           "  text TEXT NOT NULL,\n  text_hash TEXT NOT NULL,\n  words TEXT NOT NULL,\n"
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

/// The statement that made the table, or whatever has its name; nothing when there is none.
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

/// Whether a table was made by a ktx like this. A full-text table cannot be marked: it is what the table that
/// it belongs to is.
bool is_own(const SqliteConnection& database, std::string name) {
  if (name.ends_with("_fts")) name.resize(name.size() - 4);
  return existing_sql(database, name).value_or("").find(own_mark) != std::string::npos;
}

void move_aside(SqliteConnection& database, const std::string& name) {
  std::string free = name + "_foreign";
  for (int i = 2; existing_sql(database, free); ++i) free = name + "_foreign_" + std::to_string(i);
  database.run("ALTER TABLE " + name + " RENAME TO " + free);
}

/// The full-text tables first, as long as the tables that they belong to tell whose they are.
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

/// Whether FTS5 can still open the table. Where it cannot, neither does it drop it.
bool opens(const SqliteConnection& database, const std::string& name) {
  try {
    database.prepare("SELECT rowid FROM " + name + " LIMIT 0");
    return true;
  } catch (const SqliteFailure&) {
    return false;
  }
}

/// Takes full-text tables of ktx that FTS5 no longer opens out of the schema, and then the tables that they
/// consist of.
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

}  // namespace ktx::search
