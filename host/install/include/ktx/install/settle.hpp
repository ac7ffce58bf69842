#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ktx/runtime/layout.hpp"
#include "ktx/util/file_lock.hpp"

namespace ktx::runtime {

/// Removes what installs and prunes left that did not end, and brings the files of this version in line with
/// its receipt: `.venv` points at the receipt's environment, and environments that nothing refers to go
/// unless a process uses this version. To be called with the install lock held. What cannot be removed is
/// left for the next time.
void settle(const Layout& layout);

/// What `settle` would remove. Needs no lock: with an install at work, its files are among them.
std::vector<std::filesystem::path> leftovers(const Layout& layout);

/// The right to change what is under the runtime root. Waits for another process that has it, and says so
/// once. Throws `install` or `io` when the lock cannot be made, `interrupted` on a signal.
FileLock lock_root(const Layout& layout, const std::function<void(const std::string&)>& notice);

/// A directory that goes, with its contents, unless it is kept: the undoing of an install that fails.
class ScopedDirectory {
 public:
  /// Does not create the directory.
  explicit ScopedDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  ScopedDirectory(const ScopedDirectory&) = delete;
  ScopedDirectory& operator=(const ScopedDirectory&) = delete;
  ~ScopedDirectory() {
    std::error_code ignored;  // what is left is collected by the next install
    if (!kept_) std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  void keep() { kept_ = true; }

 private:
  std::filesystem::path path_;
  bool kept_ = false;
};

}  // namespace ktx::runtime
