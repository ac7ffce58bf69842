#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "database_values.hpp"
#include "ktx/search/document.hpp"
#include "ktx/search/search_types.hpp"
#include "sqlite_connection.hpp"
#include "words.hpp"

namespace ktx::search {

/// The open search index. Failures are thrown as `SqliteFailure`.
class Index {
 public:
  /// Makes the tables where they are missing.
  explicit Index(SqliteConnection database);

  SqliteConnection& database() { return database_; }
  const WordSplitter& splitter() const { return splitter_; }
  const WordSplitter& stemmer() const { return stemmer_; }  ///< without English endings

 private:
  SqliteConnection database_;
  WordSplitter splitter_;
  WordSplitter stemmer_;
};

/// The databases of the connections, by connection.
using DatabaseReaders = std::map<std::string, DatabaseValues>;

/// A condition on rows: of the connection ?1, or, if that is empty, of all connections (which excludes the
/// collections of other documents).
inline constexpr const char* in_scope =
    "(connection_id = ?1 OR (?1 = '' AND substr(connection_id, 1, 1) <> ':'))";

/// Makes the index hold exactly the documents, of the connection `only` or of all. Writes the differences in
/// one transaction, and begins none if nothing differs. `documents` is sorted by connection and name.
UpdateCounts update_index(Index& index, const std::vector<Document>& documents,
                          const std::optional<std::string>& only, DatabaseReaders& readers);

/// Why values are missing from the index, one line for each connection; `only` as above.
std::vector<std::string> value_notes(Index& index, const std::optional<std::string>& only,
                                     const DatabaseReaders& readers);

/// Makes the index's tables if they are missing or of another version of ktx. Other programs' tables of the
/// same names are renamed: `local_sl_sources` becomes `local_sl_sources_foreign`. Nothing else in the
/// database is touched. Writes only if there is something to change.
void ensure_tables(SqliteConnection& database);

/// Removes the index's own tables; the next `ensure_tables` makes them empty.
void drop_tables(SqliteConnection& database);

/// Where the index of a project is, and how to open it.
struct IndexPlace {
  std::filesystem::path project_directory;
  int busy_timeout_ms = 0;
  bool anew = false;  ///< empty the index first
};

/// Runs `work` on the project's index, and again on a repaired one whenever it throws `SqliteFailure`: a
/// damaged index is rebuilt (a damaged file is renamed and not deleted, for it may hold other programs'
/// tables), and if the file cannot be used, because of a full or read-only disk or another process, a copy in
/// memory serves. `work` starts from its beginning each time. Returns what the user should know, one line
/// each.
///
/// Throws an `internal` error if it fails in memory too.
std::vector<std::string> with_index(const IndexPlace& place, const std::function<void(Index&)>& work);

}  // namespace ktx::search
