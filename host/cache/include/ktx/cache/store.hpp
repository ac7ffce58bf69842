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

/// One sort of entries, in a folder of its own, and how much of it is kept. What was not used for the longest
/// time goes first.
struct Kind {
  const char* name;       ///< of the folder
  const char* content;    ///< what the entries are, for people
  bool divided;           ///< into 256 folders, by the first two digits of the key
  std::size_t entries;    ///< at most, in each such folder
  std::uint64_t bytes;    ///< at most, in each such folder
  std::uint64_t largest;  ///< bytes of one value; a larger one is not kept

  /// Bytes that all its entries together may take.
  constexpr std::uint64_t all_bytes() const { return bytes * (divided ? 256 : 1); }
};

inline constexpr std::uint64_t kibibyte = 1024;
inline constexpr std::uint64_t mebibyte = 1024 * kibibyte;

/// Replies of the planner, by everything that they follow from.
inline constexpr Kind answers{"answers", "answers of the planner", true, 64, 256 * kibibyte, 256 * kibibyte};

/// The names by which a daemon knows models, by the digest of their files.
inline constexpr Kind models{"models", "names of models", true, 32, 16 * kibibyte, kibibyte};

/// The texts of models that are large enough to take long to read from their files, by the digest of these.
inline constexpr Kind model_texts{"texts", "texts of models", false, 16, 64 * mebibyte, 32 * mebibyte};

/// What the files of a connection's sources were like when they were last read, by the connection's folder.
inline constexpr Kind source_index{"sources",    "indexes of source files", false, 256, 64 * mebibyte,
                                   16 * mebibyte};

inline constexpr std::array<Kind, 4> all_kinds{answers, models, model_texts, source_index};

/// The user's cache folder of ktx: KTX_CACHE_DIR, else XDG_CACHE_HOME/ktx, else ~/.cache/ktx (on macOS
/// ~/Library/Caches/ktx). Nothing without a home to put it into; a relative XDG_CACHE_HOME is not heeded, as
/// its specification asks. Throws a `usage` error when KTX_CACHE_DIR is relative.
std::optional<std::filesystem::path> cache_directory(const Environment& environment);

/// How much there is.
struct Usage {
  std::size_t entries = 0;
  std::uint64_t bytes = 0;
};

/// Values on the disk that can be had again in another way, each under the SHA-256 of what it follows from.
///
/// A value is returned only if it is whole: its file says which kind and key it is for and what SHA-256 it
/// has, and all of that is compared. What is absent, damaged or cut short is the same: nothing. Keeping is a
/// favour: on a full disk or in a read-only folder nothing is kept, and nobody is told. Any number of
/// processes may share a store; a file appears by one rename.
///
/// A folder in which somebody else could put files is not used: what is read is run as SQL.
class Store {
 public:
  /// Does not touch the disk.
  explicit Store(std::filesystem::path directory);

  const std::filesystem::path& directory() const { return directory_; }

  /// Why the folder is not used: it belongs to another user, others may write to it, or it is no folder.
  /// Nothing when it is fine or absent.
  std::optional<std::string> objection() const;

  /// The value kept for `key`, 64 lower-case hexadecimal digits.
  std::optional<std::string> get(const Kind& kind, const std::string& key) const;

  /// Keeps `value`, and lets go what is then too much.
  void put(const Kind& kind, const std::string& key, std::string_view value) const;

  Usage usage(const Kind& kind) const;

  /// Removes all entries of the kind, and nothing else that may lie there; returns what is gone. Throws an
  /// `io` error when one cannot be removed, and when there is an objection.
  Usage clear(const Kind& kind) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace ktx::cache
