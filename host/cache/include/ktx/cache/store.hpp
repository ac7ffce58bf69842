#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/cache/kind.hpp"

namespace ktx::cache {

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
