#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx {

enum class LockMode { shared, exclusive };

/// Who holds an exclusive lock. A folder may be shared by machines, or by containers that do not see each
/// other's processes: a pid alone does not say where to look.
struct LockHolder {
  pid_t pid = 0;
  std::string host;  ///< its host name; empty when it did not leave one

  bool operator==(const LockHolder&) const = default;
};

/// An advisory lock (flock) on a file that exists for nothing else. The system releases it with the
/// process, so a crash leaves none behind; the file itself stays. An exclusive holder writes its pid and
/// host name into the file, to be shown to whoever waits.
class FileLock {
 public:
  /// Called once when the lock is not free, with the holder when it is known.
  using OnWait = std::function<void(const std::optional<LockHolder>& holder)>;

  /// The lock; std::nullopt if another process holds it. Creates the file if it is missing; its directory
  /// must exist. Throws an `io` error.
  static std::optional<FileLock> try_acquire(const std::filesystem::path& path, LockMode mode);

  /// Waits for the lock without a limit. Throws an `io` error, or `interrupted` on a signal.
  static FileLock acquire(const std::filesystem::path& path, LockMode mode, const OnWait& on_wait = {});

  /// A shared lock on an existing file, for readers that may write nothing. Waits for an exclusive holder.
  /// std::nullopt if there is no such file or it cannot be opened or locked.
  static std::optional<FileLock> share_existing(const std::filesystem::path& path);

 private:
  explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

/// The error for a lock that cannot be taken. If the reason is a file system without locks (some network
/// ones), it says so.
Error lock_error(const std::filesystem::path& path, int errno_value);

/// What an exclusive holder wrote into the lock file: "<pid> <host>", or "<pid>" by earlier versions;
/// std::nullopt if neither can be read.
std::optional<LockHolder> lock_holder(const std::filesystem::path& path);

}  // namespace ktx
