#pragma once

#include <filesystem>

namespace ktx::runtime {

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
