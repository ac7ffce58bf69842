#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ktx {

/// The whole file as bytes. Throws an `io` error that names the file and the system's reason.
std::string read_file(const std::filesystem::path& path);

/// As `read_file`, but std::nullopt if there is no such file.
std::optional<std::string> read_file_if_exists(const std::filesystem::path& path);

/// What can still be read from an open file; `path` is for errors only. Throws as `read_file`.
std::string read_descriptor(int descriptor, const std::filesystem::path& path);

/// Whether anything is at `path`, links followed; a path that cannot be looked at counts as absent.
bool path_exists(const std::filesystem::path& path);

/// Owns an open file descriptor and closes it; empty when negative.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int value) : value_(value) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  FileDescriptor(FileDescriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~FileDescriptor() { reset(); }

  int value() const { return value_; }
  explicit operator bool() const { return value_ >= 0; }

  void reset() {
    if (value_ >= 0) ::close(value_);
    value_ = -1;
  }

 private:
  int value_ = -1;
};

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

  /// Gives the file to another owner and group, as far as this process may; no error if it may not.
  void give_to(uid_t owner, gid_t group);

  /// Brings what was written to the disk. `commit` does so too; called earlier, it moves the errors of a full
  /// disk to a point where there is nothing to undo yet.
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

/// Replaces a file of the user, whole or not at all: a symbolic link is followed and kept, the file keeps its
/// mode and, as far as this process may, its owner and group. Missing folders are made; what root makes in
/// another user's folder belongs to that user.
void write_user_file(const std::filesystem::path& target, std::string_view bytes);

/// Where the links at `path` lead, even if nothing is there; `path` itself if it is no link. Throws an `io`
/// error for links in a circle.
std::filesystem::path link_target(std::filesystem::path path);

/// Makes the folder and those above it that are missing, each with `give_to_owner_of_folder` (access.hpp).
/// Throws an `io` error.
void make_user_directories(const std::filesystem::path& directory);

/// Makes renames and removals inside `directory` durable. File systems that cannot are left as they are.
void sync_directory(const std::filesystem::path& directory);

}  // namespace ktx
