#include "ktx/util/file_lock.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <string>

#include "ktx/util/access.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"

namespace ktx {
namespace {

FileDescriptor open_lock_file(const std::filesystem::path& path) {
  // O_RDWR in both modes: where flock is emulated (NFS), an exclusive lock needs a file that is open for
  // writing.
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file) throw system_error("Cannot open", path.string(), errno);
  // A user could not open what root had left in their folder.
  give_to_owner_of_folder(path);
  return file;
}

int operation(LockMode mode) { return mode == LockMode::shared ? LOCK_SH : LOCK_EX; }

// Whether the lock was free. Throws when the file system cannot lock.
bool try_lock(const FileDescriptor& file, LockMode mode, const std::filesystem::path& path) {
  while (::flock(file.value(), operation(mode) | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) throw lock_error(path, errno);
  }
  return true;
}

// Best effort: the lock is held even if its holder cannot be written.
void write_holder(const FileDescriptor& file) {
  const std::string text = std::to_string(::getpid()) + " " + host_name() + "\n";
  if (::ftruncate(file.value(), 0) != 0) return;
  [[maybe_unused]] const ssize_t count = ::pwrite(file.value(), text.data(), text.size(), 0);
}

// The host name after the pid; empty if it holds other characters, because it is shown on a terminal.
std::string parse_host(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const auto is_allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  };
  if (!text.starts_with(' ') || !std::all_of(text.begin() + 1, text.end(), is_allowed)) return {};
  return std::string(text.substr(1));
}

}  // namespace

std::optional<FileLock> FileLock::try_acquire(const std::filesystem::path& path, LockMode mode) {
  FileDescriptor file = open_lock_file(path);
  if (!try_lock(file, mode, path)) return std::nullopt;
  if (mode == LockMode::exclusive) write_holder(file);
  return FileLock(std::move(file));
}

FileLock FileLock::acquire(const std::filesystem::path& path, LockMode mode, const OnWait& on_wait) {
  FileDescriptor file = open_lock_file(path);
  const InterruptGuard guard;
  bool told = false;
  while (!try_lock(file, mode, path)) {
    if (on_wait && !told) on_wait(lock_holder(path));
    told = true;
    // A blocking flock could miss a signal that arrives just before it, and offers nothing to poll on.
    constexpr int retry_ms = 50;
    pollfd interrupt{interrupt_descriptor(), POLLIN, 0};
    ::poll(&interrupt, 1, retry_ms);
    throw_if_interrupted();
  }
  if (mode == LockMode::exclusive) write_holder(file);
  return FileLock(std::move(file));
}

std::optional<FileLock> FileLock::share_existing(const std::filesystem::path& path) {
  // Read-only: the lock file may belong to a root that this user cannot write.
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  while (::flock(file.value(), LOCK_SH) != 0) {
    if (errno != EINTR) return std::nullopt;
  }
  return FileLock(std::move(file));
}

Error lock_error(const std::filesystem::path& path, int errno_value) {
  Error error = system_error("Cannot lock", path.string(), errno_value);
  switch (errno_value) {
    // All of these mean "no locks here"; which one comes depends on the file system.
    case ENOLCK:
    case ENOSYS:
    case EBADF:  // NFS without write access to the file
    case EOPNOTSUPP:
      return {ErrorKind::io, error.message() + " (its file system does not support locks)",
              "Use a folder on a local disk"};
    default: return error;
  }
}

std::optional<LockHolder> lock_holder(const std::filesystem::path& path) {
  try {
    const std::string text = read_file_if_exists(path).value_or("");
    const char* const end = text.data() + text.size();
    LockHolder holder;
    const auto parsed = std::from_chars(text.data(), end, holder.pid);
    if (parsed.ec != std::errc{} || holder.pid <= 0) return std::nullopt;
    holder.host = parse_host({parsed.ptr, end});
    return holder;
  } catch (const Error&) {
    return std::nullopt;  // only for a message; the lock itself decides
  }
}

}  // namespace ktx
