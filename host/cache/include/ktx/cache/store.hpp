#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/util/environment.hpp"

namespace ktx::cache {

/// One kind of entries, in a folder of its own, and its limits. The entries unused for the longest time go
/// first.
struct Kind {
  const char* name;       ///< of the folder
  const char* content;    ///< what the entries are, as messages call it
  bool divided;           ///< into 256 folders, by the first two digits of the key
  std::size_t entries;    ///< at most, in each such folder
  std::uint64_t bytes;    ///< at most, in each such folder
  std::uint64_t largest;  ///< bytes of one value; a larger one is not kept

  /// Bytes that all its entries together may take.
  constexpr std::uint64_t all_bytes() const { return bytes * (divided ? 256 : 1); }
};

inline constexpr std::uint64_t kibibyte = 1024;
inline constexpr std::uint64_t mebibyte = 1024 * kibibyte;

/// The planner's replies, under a digest of everything that they follow from.
inline constexpr Kind answers{"answers", "answers of the planner", true, 64, 256 * kibibyte, 256 * kibibyte};

/// The digests by which a daemon knows models, under the digest of the models' files.
inline constexpr Kind models{"models", "names of models", true, 32, 16 * kibibyte, kibibyte};

/// The texts of models that take long to read from their files, under the digest of these files.
inline constexpr Kind model_texts{"texts", "texts of models", false, 16, 64 * mebibyte, 32 * mebibyte};

/// The stamps of a connection's source files when they were last read, under the connection's folder.
inline constexpr Kind source_index{"sources",    "indexes of source files", false, 256, 64 * mebibyte,
                                   16 * mebibyte};

inline constexpr std::array<Kind, 4> all_kinds{answers, models, model_texts, source_index};

/// The user's cache folder of ktx: KTX_CACHE_DIR, else XDG_CACHE_HOME/ktx, else ~/.cache/ktx (on macOS
/// ~/Library/Caches/ktx). std::nullopt if the home directory is unknown. A relative XDG_CACHE_HOME is
/// ignored, as its specification asks. Throws a `usage` error if KTX_CACHE_DIR is relative.
std::optional<std::filesystem::path> cache_directory(const Environment& environment);

/// How much a kind holds.
struct Usage {
  std::size_t entries = 0;
  std::uint64_t bytes = 0;
};

/// A cache on the disk: values that can be made again, each under the SHA-256 of everything that it follows
/// from.
///
/// A value is returned only if it is whole: its file names the kind, the key and the value's SHA-256, and all
/// three are compared. An absent, damaged or truncated entry is a miss. Writing is best effort: on a full
/// disk or in a read-only folder nothing is kept and no error is reported. Any number of processes may share
/// a store; a file appears by one rename.
///
/// A folder in which other users could put files is not used, because what is read is run as SQL.
class Store {
 public:
  /// Does not touch the disk.
  explicit Store(std::filesystem::path directory);

  const std::filesystem::path& directory() const { return directory_; }

  /// Why the folder is not used: it belongs to another user, others may write to it, or it is not a folder.
  /// std::nullopt if it is fine or absent.
  std::optional<std::string> objection() const;

  /// The value kept for `key`, 64 lower-case hexadecimal digits.
  std::optional<std::string> get(const Kind& kind, const std::string& key) const;

  /// Keeps `value`, and removes what then exceeds the kind's limits.
  void put(const Kind& kind, const std::string& key, std::string_view value) const;

  Usage usage(const Kind& kind) const;

  /// Removes all entries of the kind, and no other file; returns what was removed. Throws an `io` error if
  /// one cannot be removed, and if there is an objection.
  Usage clear(const Kind& kind) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace ktx::cache
