#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string_view>

#include "ktx/util/file_descriptor.hpp"

namespace ktx {

/// A file that appears whole or not at all. What is written goes to a temporary file beside the target;
/// `commit` puts it in the target's place. Without `commit` the target stays as it was and the temporary
/// file is removed. Every failure is an `io` error that names the target.
class AtomicFile {
 public:
  /// Creates the temporary file; the target's directory must exist.
  explicit AtomicFile(std::filesystem::path target, mode_t mode = 0644);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::string_view bytes);

  /// Brings what was written to the disk. `commit` does so too; calling it earlier moves the failures of
  /// a full disk to a point where there is nothing to undo.
  void flush();

  /// Puts the file in its place, durably: the rename survives a power cut once this has returned.
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  FileDescriptor file_;
};

/// Replaces the file at `target` by `bytes`, whole or not at all.
void write_file_atomically(const std::filesystem::path& target, std::string_view bytes, mode_t mode = 0644);

/// Replaces a file that is the user's, whole or not at all: a link is followed and stays one, the file keeps
/// its mode, and folders that are missing are made.
void write_user_file(const std::filesystem::path& target, std::string_view bytes);

/// Makes renames and removals inside `directory` durable. File systems that cannot are left as they are.
void sync_directory(const std::filesystem::path& directory);

}  // namespace ktx
