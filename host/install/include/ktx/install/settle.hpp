#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ktx/runtime/layout.hpp"
#include "ktx/util/file_lock.hpp"

namespace ktx::runtime {

/// Removes the remains of interrupted installs and prunes, and brings this version's files in line with its
/// receipt: `.venv` points at the receipt's environment, and environments that nothing refers to are removed
/// unless a process uses this version. To be called with the install lock held. What cannot be removed is
/// left for the next time.
void settle(const Layout& layout);

/// What `settle` would remove. Needs no lock; the files of a running install are among them.
std::vector<std::filesystem::path> leftovers(const Layout& layout);

/// The right to change what is under the runtime root. Waits for another process that holds it, and tells
/// `notice` once. Throws `install` or `io` if the lock cannot be made, `interrupted` on a signal.
FileLock lock_root(const Layout& layout, const std::function<void(const std::string&)>& notice);

/// A directory that is removed in the destructor, with its contents, unless it is kept: undoes an install
/// that fails.
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
