#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>

#include "ktx/util/error.hpp"
#include "ktx/util/file_descriptor.hpp"

namespace ktx {

enum class LockMode { shared, exclusive };

/// An advisory lock (flock) on a file that exists for nothing else. The system releases it with the
/// process, so a crash leaves none behind; the file itself stays. An exclusive holder writes its pid into
/// the file, for those who wait.
class FileLock {
 public:
  /// Called once when the lock is not free, with the holder's pid when it is known.
  using OnWait = std::function<void(std::optional<pid_t> holder)>;

  /// The lock, or nothing when another process holds it in the way. The file is created when it is not
  /// there; its directory must be. Throws an `io` error.
  static std::optional<FileLock> try_acquire(const std::filesystem::path& path, LockMode mode);

  /// Waits for the lock as long as it takes. Throws an `io` error, or `interrupted` on a signal.
  static FileLock acquire(const std::filesystem::path& path, LockMode mode, const OnWait& on_wait = {});

  /// A shared lock on a file that is already there, for readers who may write nothing. Waits; nothing
  /// when there is no such file or it cannot be opened or locked.
  static std::optional<FileLock> share_existing(const std::filesystem::path& path);

 private:
  explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

/// The error for a lock that could not be taken: a file system without locks (some network ones) is named as
/// such.
Error lock_error(const std::filesystem::path& path, int errno_value);

/// The pid that an exclusive holder left in the lock file; nothing when there is none to be read.
std::optional<pid_t> lock_holder(const std::filesystem::path& path);

}  // namespace ktx
