#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

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

}  // namespace ktx::cache
