#pragma once

#include <sys/stat.h>

#include <compare>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/cache/store.hpp"
#include "ktx/util/digest.hpp"

namespace ktx::project {

/// A time of the system's clock. Not one number of nanoseconds: a file may be dated in the year 2500.
struct Moment {
  std::int64_t seconds = 0;  ///< since 1970
  std::int32_t nanoseconds = 0;

  auto operator<=>(const Moment&) const = default;
};

/// What tells, without reading a file, that it is still the one that was read.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;  ///< bytes
  Moment modified;         ///< mtime: of the bytes; anyone may set it
  Moment changed;          ///< ctime: of the bytes or the metadata; only the system sets it

  bool operator==(const FileStamp&) const = default;
};

FileStamp stamp_of(const struct stat& status);

/// A reading of the clock, and what tells whether the clock was set since another reading.
struct Clock {
  Moment now;              ///< of the coarse clock, the one that files are dated by
  std::int64_t start = 0;  ///< when the machine started by this clock, milliseconds since 1970

  bool operator==(const Clock&) const = default;
};

Clock read_clock();

/// Whether the clock ran evenly between two readings: the machine was not restarted, and the clock was not
/// set by more than a quarter of a second.
bool same_clock(std::int64_t start, std::int64_t other_start);

/// The open file's stamp, if the file can never have it again after a change later than `moment`;
/// std::nullopt in doubt:
/// - it is not a regular file;
/// - one of its times is less than two seconds older than `moment`: a change in the same tick of the clock
///   would not show, and no file system in use ticks slower than every second or two;
/// - its file system is not known to take its times from this machine's clock (network ones, FUSE), or it is
///   mounted read-only, and may be an image whose files all have the same made-up time.
std::optional<FileStamp> lasting_stamp(int descriptor, const struct stat& status, const Moment& moment);

/// The bytes of a source file, before they are parsed.
struct SourceBytes {
  std::string text;                ///< empty also if only the hash is needed
  std::string failure;             ///< why it could not be read; empty when it was
  Sha256 hash{};                   ///< of the text, or of the failure
  std::optional<FileStamp> stamp;  ///< std::nullopt if it does not vouch for the text

  bool readable() const { return failure.empty(); }
};

/// Reads the file `name`, relative to the project. `begun`, a time before this call, asks for a stamp.
SourceBytes read_source_file(const std::filesystem::path& project_directory, const std::string& name,
                             const std::optional<Moment>& begun);

/// The digest of a source tree, made of these files: SHA-256, in hexadecimal, of the number of files and then
/// of each file's name, with its length, whether it could be read, and its hash.
std::string digest_of(const std::vector<std::string>& names, const std::vector<SourceBytes>& files);

/// A file that was read, under a lasting stamp.
struct IndexedFile {
  std::string name;  ///< relative to the project, with '/'
  FileStamp stamp;
  Sha256 hash{};  ///< of its bytes

  bool operator==(const IndexedFile&) const = default;
};

/// The stamps and hashes of a connection's source files, so that unchanged ones need not be read again. Only
/// files beyond doubt are in it; see `lasting_stamp`.
struct SourceIndex {
  std::int64_t clock_start = 0;    ///< as in `Clock`; with another clock, the stamps prove nothing
  std::vector<IndexedFile> files;  ///< sorted by name, each once

  /// The file, if it is the one that was read; nullptr if it is not.
  const IndexedFile* find(const std::string& name, const FileStamp& stamp) const;

  /// Whether both hold the same files, by the same clock.
  bool agrees_with(const SourceIndex& other) const;
};

/// The index of those of the files that have a lasting stamp.
SourceIndex index_of(const std::vector<std::string>& names, const std::vector<SourceBytes>& files,
                     std::int64_t clock_start);

/// The index as bytes: a line with the version, then numbers of fixed size and names with their length.
std::string encode(const SourceIndex& index);

/// std::nullopt unless the bytes are exactly what `encode` writes for some index.
std::optional<SourceIndex> decode_source_index(std::string_view bytes);

/// Where the index of one connection is kept.
class IndexPlace {
 public:
  /// std::nullopt if the project's folder cannot be looked at.
  static std::optional<IndexPlace> of(const cache::Store& store,
                                      const std::filesystem::path& project_directory,
                                      const std::string& connection_id);

  /// std::nullopt if there is none, or it cannot be decoded.
  std::optional<SourceIndex> load() const;

  /// Keeps `index`, unless it says the same as `loaded`, which `load` returned.
  void update(const std::optional<SourceIndex>& loaded, const SourceIndex& index) const;

 private:
  IndexPlace(const cache::Store& store, std::string key) : store_(&store), key_(std::move(key)) {}

  const cache::Store* store_;
  std::string key_;
};

}  // namespace ktx::project
