#include "ktx/cache/store.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "ktx/util/digest.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/random.hpp"

namespace ktx::cache {
namespace {

// The prefix of a file that is being written; what follows is random.
inline constexpr const char* temporary_prefix = ".new-";

// Raise the number when the format changes: older entries then are misses.
constexpr std::string_view magic = "ktx-cache 1 ";

std::string header(const Kind& kind, const std::string& key, std::string_view value) {
  return std::string(magic) + kind.name + " " + key + " " + std::to_string(value.size()) + " " +
         hex(sha256(value)) + "\n";
}

// The bytes of an entry's file: a line with kind, key, length and SHA-256 of the value, then the value.
std::string encode_entry(const Kind& kind, const std::string& key, std::string_view value) {
  return header(kind, key, value).append(value);
}

// The value, if the bytes are a whole entry for that kind and key.
std::optional<std::string> decode_entry(const Kind& kind, const std::string& key, std::string&& bytes) {
  const auto line = bytes.find('\n');
  if (line == std::string::npos) return std::nullopt;
  const std::string_view value = std::string_view(bytes).substr(line + 1);
  // The header is made again for these bytes and compared: one comparison covers everything that it says.
  if (!bytes.starts_with(header(kind, key, value))) return std::nullopt;
  bytes.erase(0, line + 1);
  return std::move(bytes);
}

// Whether the file's name is an entry's; below, whether it is that of an unfinished one.
bool is_entry_name(std::string_view name) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return name.size() == 64 && std::ranges::all_of(name, is_digit);
}

bool is_temporary_name(std::string_view name) { return name.starts_with(temporary_prefix); }

// A file in a folder.
struct File {
  std::string name;
  std::uint64_t bytes = 0;
  timespec modified{};
};

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

struct CloseListing {
  void operator()(DIR* listing) const { ::closedir(listing); }
};

// Opens a folder; empty when it cannot be.
FileDescriptor open_folder(const std::filesystem::path& path) {
  return FileDescriptor(::open(path.c_str(), folder_flags));
}

// Why the contents of a folder cannot be trusted: "belongs to another user".
std::optional<std::string> objection_to(const FileDescriptor& folder) {
  struct stat status {};
  if (::fstat(folder.value(), &status) != 0) return "cannot be looked at";
  if (status.st_uid != ::geteuid()) return "belongs to another user";
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "can be written to by others";
  return std::nullopt;
}

// Opens a folder inside another; empty if it cannot be opened or there is an objection to it. O_NOFOLLOW,
// because a link could lead to somebody else's folder.
FileDescriptor open_folder_in(const FileDescriptor& parent, const std::string& name) {
  FileDescriptor folder(::openat(parent.value(), name.c_str(), folder_flags | O_NOFOLLOW));
  if (folder && objection_to(folder)) folder.reset();
  return folder;
}

// Opens a folder as `open_folder_in` does, and makes it first, for this user alone, if it is missing.
FileDescriptor make_folder_in(const FileDescriptor& parent, const std::string& name) {
  if (FileDescriptor folder = open_folder_in(parent, name)) return folder;
  ::mkdirat(parent.value(), name.c_str(), S_IRWXU);
  return open_folder_in(parent, name);
}

// The folder's regular files, in no order. Files that vanish meanwhile are left out.
std::vector<File> files_in(const FileDescriptor& folder) {
  std::vector<File> files;
  // Opened again: a listing moves the descriptor's position, and closedir closes the descriptor.
  const int descriptor = ::openat(folder.value(), ".", folder_flags);
  const std::unique_ptr<DIR, CloseListing> listing(descriptor < 0 ? nullptr : ::fdopendir(descriptor));
  if (!listing) {
    if (descriptor >= 0) ::close(descriptor);
    return files;
  }
  while (const dirent* entry = ::readdir(listing.get())) {
    struct stat status {};
    if (::fstatat(folder.value(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISREG(status.st_mode)) continue;
    files.push_back({entry->d_name, static_cast<std::uint64_t>(status.st_size), status.st_mtim});
  }
  return files;
}

// No write takes an hour: such a file's process was killed.
constexpr std::time_t abandoned_seconds = 3600;

bool is_abandoned(const File& file, std::time_t now) {
  return is_temporary_name(file.name) && file.modified.tv_sec < now - abandoned_seconds;
}

// Evicts a quarter more than necessary, so that a full folder is not tidied at every new entry.
bool is_roomy(const Kind& kind, std::size_t entries, std::uint64_t bytes) {
  return entries <= kind.entries - kind.entries / 4 && bytes <= kind.bytes - kind.bytes / 4;
}

// Removes from a folder what exceeds the kind's limits, the longest unused first, and unfinished files that
// were not written to for an hour.
void evict(const Kind& kind, const FileDescriptor& folder) {
  std::vector<File> entries;
  std::uint64_t bytes = 0;
  const std::time_t now = std::time(nullptr);
  for (File& file : files_in(folder)) {
    if (is_abandoned(file, now)) ::unlinkat(folder.value(), file.name.c_str(), 0);
    if (!is_entry_name(file.name)) continue;
    bytes += file.bytes;
    entries.push_back(std::move(file));
  }
  if (entries.size() <= kind.entries && bytes <= kind.bytes) return;
  std::ranges::sort(entries, {},
                    [](const File& file) { return std::tuple(file.modified.tv_sec, file.modified.tv_nsec); });
  std::size_t left = entries.size();
  for (const File& file : entries) {
    if (is_roomy(kind, left, bytes)) return;
    ::unlinkat(folder.value(), file.name.c_str(), 0);
    --left;
    bytes -= file.bytes;
  }
}

}  // namespace

std::optional<std::filesystem::path> cache_directory(const Environment& environment) {
  if (const auto chosen = environment.variable("KTX_CACHE_DIR")) {
    if (std::filesystem::path(*chosen).is_absolute()) return *chosen;
    throw Error(ErrorKind::usage, "KTX_CACHE_DIR is not an absolute path: " + *chosen,
                "Set it to an absolute path, or unset it");
  }
  if (const auto base = environment.variable("XDG_CACHE_HOME")) {
    if (std::filesystem::path(*base).is_absolute()) return std::filesystem::path(*base) / "ktx";
  }
  if (environment.home.empty()) return std::nullopt;
  const bool is_macos = environment.platform == Platform::macos;
  return environment.home / (is_macos ? "Library/Caches/ktx" : ".cache/ktx");
}

namespace {

constexpr std::uint64_t largest_header = 256;  // bytes; it is about 170
constexpr std::time_t use_noted_seconds = 24L * 3600;

// The folder of an entry, opened step by step with `open`.
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

// Tells backup programs to leave the folder out (https://bford.info/cachedir).
void write_tag(const FileDescriptor& root) {
  constexpr std::string_view text =
      "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of ktx and may be removed at "
      "any time.\n";
  const FileDescriptor file(
      ::openat(root.value(), "CACHEDIR.TAG", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file && ::write(file.value(), text.data(), text.size()) < 0) return;
}

// Whether root runs with somebody else's HOME, as under sudo: that user could not use a folder that root
// makes.
bool is_in_home_of_another(std::filesystem::path folder) {
  struct stat status {};
  while (::stat(folder.c_str(), &status) != 0 && folder.has_relative_path()) folder = folder.parent_path();
  return ::geteuid() == 0 && status.st_uid != 0;
}

// Why the missing folder will not be made: "cannot be made: / is not writable".
std::optional<std::string> why_it_cannot_be_made(const std::filesystem::path& directory) {
  if (is_in_home_of_another(directory))
    return "is not made, because it would be root's in another user's home";
  std::filesystem::path folder = directory.parent_path();
  while (::access(folder.c_str(), F_OK) != 0 && folder.has_relative_path()) folder = folder.parent_path();
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return std::nullopt;
  return "cannot be made: " + folder.string() + " is not writable";
}

FileDescriptor make_trusted(const std::filesystem::path& directory) {
  // An existing folder gets no tag: ktx did not make it.
  if (::access(directory.c_str(), F_OK) == 0) return open_trusted(directory);
  if (is_in_home_of_another(directory)) return {};
  std::error_code ignored;
  std::filesystem::create_directories(directory.parent_path(), ignored);
  ::mkdir(directory.c_str(), S_IRWXU);
  FileDescriptor root = open_trusted(directory);
  if (root) write_tag(root);
  return root;
}

// The whole file; std::nullopt if it cannot be read or is longer than `limit`.
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

// An entry's modification time is its last use. Exact to a day, which spares a write at each use.
void note_use(const FileDescriptor& file, const struct stat& status) {
  // A time in the future comes from a clock that was set back; it is corrected too.
  const std::time_t age = std::time(nullptr) - status.st_mtim.tv_sec;
  if (age > use_noted_seconds || age < 0) ::futimens(file.value(), nullptr);
}

// Writes a temporary file and renames it. Without fsync: what a power cut leaves incomplete fails the check
// of its digest, and is a miss.
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

// Calls `visit` with each folder that holds entries of the kind.
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
  if (errno == ENOENT) return why_it_cannot_be_made(directory_);
  return errno == EACCES ? "may not be opened by this user" : "cannot be opened as a folder";
}

std::optional<std::string> Store::get(const Kind& kind, const std::string& key) const {
  const FileDescriptor root = open_trusted(directory_);
  if (!root) return std::nullopt;
  const FileDescriptor folder = folder_of(kind, key, root, open_folder_in);
  if (!folder) return std::nullopt;
  const FileDescriptor file(
      // O_NONBLOCK: opening a pipe in the file's place must not wait for a writer.
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
  if (!open_folder(directory_) && errno == ENOENT) return removed;
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
