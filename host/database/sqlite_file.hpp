#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>

#include "ktx/util/filesystem.hpp"

namespace ktx::database {

struct CloseSqlite {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};

/// An SQLite file that is open for reading and in which reading leaves nothing behind.
///
/// A reader of a database in WAL mode makes `-wal` and `-shm` files beside it, which fails in a folder that
/// may not be written, and elsewhere keeps the database's owner from writing where they belong to the reader.
/// So a database in WAL mode that no other process has open is read alone: without those files and without
/// SQLite's own locks. Whether that held is known afterwards (`is_undisturbed`).
class SqliteFile {
 public:
  /// Opens the file, which must exist; `alone` allows to read it alone. Throws a `database` error when it
  /// cannot be opened.
  SqliteFile(const std::filesystem::path& path, bool alone);

  sqlite3* handle() const { return database_.get(); }

  /// Whether what was read so far is one state of the database: false once another process may have written
  /// to a database that is read alone. What was read is then void, and the file is to be opened anew.
  bool is_undisturbed() const;

 private:
  void open(const std::string& address, bool alone);

  std::filesystem::path path_;
  FileDescriptor lock_;  ///< held while the database is read alone
  std::string before_;   ///< the files' state then; empty otherwise
  std::unique_ptr<sqlite3, CloseSqlite> database_;
};

/// Whether the file's header says that it is in WAL mode; false for one that cannot be read.
bool is_in_wal_mode(const std::filesystem::path& path);

}  // namespace ktx::database
