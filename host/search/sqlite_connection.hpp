#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ktx::search {

/// An error of SQLite. The index is only a cache, so this never leaves the layer: the index is repaired, or
/// built in memory.
struct SqliteFailure {
  int code;             ///< the primary result code: SQLITE_CORRUPT
  std::string message;  ///< in SQLite's words

  /// Whether the file's bytes are at fault, and not its place or another process.
  bool is_damage() const { return code == SQLITE_CORRUPT || code == SQLITE_NOTADB; }
};

/// A prepared statement. Parameters count from 1, columns from 0. Throws `SqliteFailure`.
class SqliteStatement {
 public:
  SqliteStatement(sqlite3* database, std::string_view sql);

  SqliteStatement& bind(int parameter, std::string_view text);
  SqliteStatement& bind(int parameter, std::int64_t number);
  SqliteStatement& bind_bytes(int parameter, std::string_view bytes);

  bool step();   ///< whether there is a row
  void run();    ///< to its end; the statement can be bound and run again
  void reset();  ///< so that it can be bound and stepped again

  std::string text(int column) const;  ///< text or bytes; NULL is empty
  std::int64_t integer(int column) const;
  double real(int column) const;
  bool is_null(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  void check(int code) const;

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// An open database.
class SqliteConnection {
 public:
  /// Opens a file, `flags` as of sqlite3_open_v2. While another process holds the database, a statement waits
  /// as long as `busy_timeout_ms`.
  SqliteConnection(const std::filesystem::path& file, int flags, int busy_timeout_ms);

  /// An empty database in memory.
  static SqliteConnection in_memory();

  void run(const std::string& sql);
  SqliteStatement prepare(std::string_view sql) const { return {handle_.get(), sql}; }
  std::int64_t last_row_id() const { return sqlite3_last_insert_rowid(handle_.get()); }
  sqlite3* handle() const { return handle_.get(); }

  /// Makes this database a copy of `source`.
  void copy_from(const SqliteConnection& source);

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A transaction that is undone unless it is committed.
class Transaction {
 public:
  enum class Kind : std::uint8_t { reading, writing };

  Transaction(SqliteConnection& connection, Kind kind);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  void commit();

 private:
  SqliteConnection& connection_;
  bool open_ = true;
};

}  // namespace ktx::search
