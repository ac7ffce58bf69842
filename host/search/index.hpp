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

/// The open search index. What fails throws `SqliteFailure`.
class Index {
 public:
  /// Makes the tables where they are missing.
  explicit Index(SqliteConnection database);

  SqliteConnection& database() { return database_; }
  const WordSplitter& splitter() const { return splitter_; }

 private:
  SqliteConnection database_;
  WordSplitter splitter_;
};

/// The databases of the connections, by connection.
using DatabaseReaders = std::map<std::string, DatabaseValues>;

/// A condition that is true of the rows of the connection ?1; when that is empty, of those of all
/// connections, which are all but the collections of other documents.
inline constexpr const char* in_scope =
    "(connection_id = ?1 OR (?1 = '' AND substr(connection_id, 1, 1) <> ':'))";

/// Makes the index hold the documents and nothing else: of the connection `only`, or of all. Writes what has
/// changed, in one transaction, and nothing when nothing has. `documents` is sorted by connection and name.
UpdateCounts update_index(Index& index, const std::vector<Document>& documents,
                          const std::optional<std::string>& only, DatabaseReaders& readers);

/// Why values are missing from the index, one line a connection; `only` as above.
std::vector<std::string> value_notes(Index& index, const std::optional<std::string>& only,
                                     const DatabaseReaders& readers);

/// Makes the index's tables where they are missing or were made by another version of ktx. Tables of the same
/// names that are not ktx's own are renamed: `local_sl_sources` becomes `local_sl_sources_foreign`. Nothing
/// else in the database is touched. Writes only when something is to be done.
void ensure_tables(SqliteConnection& database);

/// Removes the index's own tables; the next `ensure_tables` makes them empty.
void drop_tables(SqliteConnection& database);

/// Where the index of a project is, and how it is to be opened.
struct IndexPlace {
  std::filesystem::path project_directory;
  int busy_timeout_ms = 0;
  bool anew = false;  ///< what is in the index is dropped first
};

/// Runs `work` on the project's index, and once more on a better one whenever it throws `SqliteFailure`: a
/// damaged index is made anew (a damaged file moved aside first, for it is not ktx's alone), and where the
/// file cannot be used, because of a full or read-only disk or of another process, a copy in memory serves.
/// `work` starts from its beginning each time. Returns what the user should know, a line each.
///
/// Throws an `internal` error when it fails in memory too.
std::vector<std::string> with_index(const IndexPlace& place, const std::function<void(Index&)>& work);

}  // namespace ktx::search
