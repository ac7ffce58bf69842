#pragma once

#include <cstddef>
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

}  // namespace ktx::search
