#include "ktx/cache/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <functional>
#include <utility>

#include "entry.hpp"
#include "eviction.hpp"
#include "folder.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cache {
namespace {

constexpr std::uint64_t largest_header = 256;  // bytes; it is about 170
constexpr std::time_t use_noted_seconds = 24L * 3600;

/// The folder that an entry is in, by way of `open` from each folder to the next.
template <typename Open>
FileDescriptor folder_of(const Kind& kind, const std::string& key, const FileDescriptor& root, Open open) {
  FileDescriptor folder = open(root, kind.name);
  if (!folder || !kind.divided) return folder;
  return open(folder, key.substr(0, 2));
}

FileDescriptor open_trusted(const std::filesystem::path& directory) {
  FileDescriptor root = open_folder(directory);
  if (root && objection_to(root)) root.reset();
  return root;
}

/// So that backups leave the folder out (https://bford.info/cachedir).
void write_tag(const FileDescriptor& root) {
  constexpr std::string_view text =
      "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of ktx and may be removed at "
      "any time.\n";
  const FileDescriptor file(
      ::openat(root.value(), "CACHEDIR.TAG", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file && ::write(file.value(), text.data(), text.size()) < 0) return;
}

FileDescriptor make_trusted(const std::filesystem::path& directory) {
  if (::access(directory.c_str(), F_OK) == 0) return open_trusted(directory);
  std::error_code ignored;
  std::filesystem::create_directories(directory.parent_path(), ignored);
  ::mkdir(directory.c_str(), S_IRWXU);
  FileDescriptor root = open_trusted(directory);
  if (root) write_tag(root);
  return root;
}

/// The whole file; nothing when it cannot be read or is longer than `limit`.
std::optional<std::string> read_up_to(const FileDescriptor& file, std::uint64_t size, std::uint64_t limit) {
  if (size > limit) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t used = 0;
  while (used < bytes.size()) {
    const ssize_t count = ::read(file.value(), bytes.data() + used, bytes.size() - used);
    if (count == 0 || (count < 0 && errno != EINTR)) return std::nullopt;
    used += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  return bytes;
}

bool write_all(const FileDescriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.value(), bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    bytes.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  return true;
}

/// What was used lately stays longest. To the day is exact enough, and spares a write at each use.
void note_use(const FileDescriptor& file, const struct stat& status) {
  const std::time_t age = std::time(nullptr) - status.st_mtim.tv_sec;
  if (age > use_noted_seconds || age < 0) ::futimens(file.value(), nullptr);
}

/// Writes beside and renames. Not flushed to the disk: what a power cut leaves half of is not whole, and so
/// it is nothing.
bool write_whole(const FileDescriptor& folder, const std::string& name, std::string_view bytes) {
  const std::string temporary = temporary_prefix + random_id();
  const FileDescriptor file(::openat(folder.value(), temporary.c_str(),
                                     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return false;
  if (write_all(file, bytes) &&
      ::renameat(folder.value(), temporary.c_str(), folder.value(), name.c_str()) == 0) {
    return true;
  }
  ::unlinkat(folder.value(), temporary.c_str(), 0);
  return false;
}

/// Calls `visit` with each folder that holds entries of the kind.
void for_each_folder(const Kind& kind, const FileDescriptor& root,
                     const std::function<void(const FileDescriptor&)>& visit) {
  const FileDescriptor folder = open_folder_in(root, kind.name);
  if (!folder) return;
  if (!kind.divided) {
    visit(folder);
    return;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char first : digits) {
    for (const char second : digits) {
      const FileDescriptor division = open_folder_in(folder, {first, second});
      if (division) visit(division);
    }
  }
}

}  // namespace

Store::Store(std::filesystem::path directory) : directory_(std::move(directory)) {}

std::optional<std::string> Store::objection() const {
  const FileDescriptor root = open_folder(directory_);
  if (root) return objection_to(root);
  return errno == ENOENT ? std::nullopt : std::optional<std::string>("cannot be opened as a folder");
}

std::optional<std::string> Store::get(const Kind& kind, const std::string& key) const {
  const FileDescriptor root = open_trusted(directory_);
  if (!root) return std::nullopt;
  const FileDescriptor folder = folder_of(kind, key, root, open_folder_in);
  if (!folder) return std::nullopt;
  const FileDescriptor file(
      ::openat(folder.value(), key.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status {};
  if (!file || ::fstat(file.value(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  auto bytes = read_up_to(file, static_cast<std::uint64_t>(status.st_size), kind.largest + largest_header);
  if (!bytes) return std::nullopt;
  auto value = decode_entry(kind, key, *std::move(bytes));
  if (value) note_use(file, status);
  return value;
}

void Store::put(const Kind& kind, const std::string& key, std::string_view value) const {
  if (value.size() > kind.largest) return;
  const FileDescriptor root = make_trusted(directory_);
  if (!root) return;
  const FileDescriptor folder = folder_of(kind, key, root, make_folder_in);
  if (folder && write_whole(folder, key, encode_entry(kind, key, value))) evict(kind, folder);
}

Usage Store::usage(const Kind& kind) const {
  Usage usage;
  const FileDescriptor root = open_trusted(directory_);
  if (!root) return usage;
  for_each_folder(kind, root, [&](const FileDescriptor& folder) {
    for (const File& file : files_in(folder)) {
      if (!is_entry_name(file.name)) continue;
      ++usage.entries;
      usage.bytes += file.bytes;
    }
  });
  return usage;
}

Usage Store::clear(const Kind& kind) const {
  Usage removed;
  if (const auto reason = objection()) {
    throw Error(ErrorKind::io, "The cache folder " + directory_.string() + " " + *reason,
                "Remove it, or set KTX_CACHE_DIR to a folder of your own");
  }
  const FileDescriptor root = open_trusted(directory_);
  if (!root) return removed;
  for_each_folder(kind, root, [&](const FileDescriptor& folder) {
    for (const File& file : files_in(folder)) {
      const bool is_entry = is_entry_name(file.name);
      if (!is_entry && !is_temporary_name(file.name)) continue;
      if (::unlinkat(folder.value(), file.name.c_str(), 0) != 0) {
        if (errno == ENOENT) continue;  // another process was first
        throw system_error("Cannot remove from the cache", (directory_ / kind.name).string(), errno);
      }
      removed.entries += is_entry ? 1 : 0;
      removed.bytes += file.bytes;
    }
  });
  return removed;
}

}  // namespace ktx::cache
