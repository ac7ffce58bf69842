#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "ktx/runtime/layout.hpp"
#include "ktx/util/file_lock.hpp"

namespace ktx::runtime {

/// Points `.venv` at another built environment by one rename, and back again in the destructor unless the
/// change is kept.
class EnvironmentLink {
 public:
  /// A real directory in the link's place (not made by this ktx) is renamed to look like a built environment
  /// that nothing refers to. Throws an `io` error.
  EnvironmentLink(const Layout& layout, const std::string& environment);
  EnvironmentLink(const EnvironmentLink&) = delete;
  EnvironmentLink& operator=(const EnvironmentLink&) = delete;
  ~EnvironmentLink();

  void keep() { kept_ = true; }

 private:
  void restore() const;

  const Layout& layout_;
  std::filesystem::path former_target_;     ///< empty when there was no link
  std::filesystem::path former_directory_;  ///< where a real directory was moved to; empty if there was none
  bool kept_ = false;
};

/// The name of the environment that `.venv` points at; empty if it is not a link.
std::string linked_environment(const Layout& layout);

/// While it lives, no install and no prune removes what this version's receipt names. Empty, without an
/// error, if no lock can be taken: nothing is installed, or the root is on a read-only file system without
/// its lock file.
using InUse = std::optional<FileLock>;

/// To be taken before the receipt is read: the environment that the receipt then names stays until the lock
/// is released. Writes nothing.
InUse hold_in_use(const Layout& layout);

/// Creates the lock file for `hold_in_use` if it is missing. The locks' folder must exist.
void create_in_use_lock(const Layout& layout);

/// The right to remove what belongs to `version`; std::nullopt while a process uses it. Processes that start
/// later wait until it is released.
std::optional<FileLock> claim_unused(const Layout& layout, const std::string& version);

}  // namespace ktx::runtime
