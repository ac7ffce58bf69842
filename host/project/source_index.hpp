#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "file_stamp.hpp"
#include "ktx/cache/store.hpp"
#include "ktx/util/digest.hpp"
#include "source_bytes.hpp"

namespace ktx::project {

/// A file that was read, under a lasting stamp.
struct IndexedFile {
  std::string name;  ///< relative to the project, with '/'
  FileStamp stamp;
  Sha256 hash{};  ///< of its bytes

  bool operator==(const IndexedFile&) const = default;
};

/// What the files of a connection's sources hold, so that those that did not change need not be read again.
/// Only files beyond doubt are in it; see `lasting_stamp`.
struct SourceIndex {
  std::int64_t clock_start = 0;    ///< as in `Clock`; by another clock, the stamps say nothing
  std::vector<IndexedFile> files;  ///< sorted by name, each once

  /// The file, if it is the one that was read; null pointer otherwise.
  const IndexedFile* find(const std::string& name, const FileStamp& stamp) const;

  /// Whether it says the same by the same clock.
  bool agrees_with(const SourceIndex& other) const;
};

/// The index of those of the files that have a lasting stamp.
SourceIndex index_of(const std::vector<std::string>& names, const std::vector<SourceBytes>& files,
                     std::int64_t clock_start);

/// The index as bytes: a line with the version, then numbers of fixed size and names with their length.
std::string encode(const SourceIndex& index);

/// Nothing unless the bytes are exactly what `encode` writes for some index.
std::optional<SourceIndex> decode_source_index(std::string_view bytes);

/// Where the index of one connection is kept.
class IndexPlace {
 public:
  /// Nothing when the project's folder cannot be looked at.
  static std::optional<IndexPlace> of(const cache::Store& store,
                                      const std::filesystem::path& project_directory,
                                      const std::string& connection_id);

  /// Nothing when there is none that can be understood.
  std::optional<SourceIndex> load() const;

  /// Keeps `index`, unless what `load` gave says the same.
  void update(const std::optional<SourceIndex>& loaded, const SourceIndex& index) const;

 private:
  IndexPlace(const cache::Store& store, std::string key) : store_(&store), key_(std::move(key)) {}

  const cache::Store* store_;
  std::string key_;
};

}  // namespace ktx::project
