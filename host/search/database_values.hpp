#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ktx/database/open_executor.hpp"
#include "ktx/search/document.hpp"

namespace ktx::search {

/// The values that were read for one source.
struct ReadValues {
  std::vector<ColumnValue> values;  ///< sorted
  std::string note;                 ///< why the values are missing; empty if they were read
};

/// Reads the values of the string columns of a connection's sources from its database, if the connection is a
/// read-only SQLite one. Bounded: the first 10,000 rows of a source, and of these the 100 most frequent
/// values of each column that have at most 80 characters.
class DatabaseValues {
 public:
  /// `connection` may be nullptr, for a connection that is not in ktx.yaml.
  DatabaseValues(const project::Connection* connection, const Environment& environment,
                 std::filesystem::path project_directory);

  /// Whether values are read from this connection at all.
  bool are_wanted() const { return wanted_; }

  /// Identifies a state of the database by its files' sizes and times. std::nullopt if there is no database
  /// to read; `note` says why.
  const std::optional<std::string>& stamp() const { return stamp_; }

  /// Why the database cannot be read as a whole; empty when it can, as far as it was tried.
  const std::string& note() const { return note_; }

  /// The values of one source; std::nullopt if the database cannot be opened.
  std::optional<ReadValues> read(const Document& document);

 private:
  bool open();

  const project::Connection* connection_;
  const Environment& environment_;
  std::filesystem::path project_directory_;
  std::unique_ptr<database::Executor> executor_;
  bool wanted_ = false;
  std::optional<std::string> stamp_;
  std::string note_;
};

}  // namespace ktx::search
