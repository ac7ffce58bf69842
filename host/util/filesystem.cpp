#include "ktx/util/filesystem.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

#include "ktx/util/access.hpp"
#include "ktx/util/error.hpp"

namespace ktx {

std::string read_descriptor(int descriptor, const std::filesystem::path& path) {
  struct stat status {};
  const bool sized = ::fstat(descriptor, &status) == 0 && status.st_size > 0;
  // One byte more than the expected size: read(2) can report the end of the file only if it has room to read
  // into.
  std::string bytes(sized ? static_cast<std::size_t>(status.st_size) + 1 : 4096, '\0');
  std::size_t used = 0;
  for (;;) {
    if (used == bytes.size()) bytes.resize(2 * used);
    const ssize_t count = ::read(descriptor, bytes.data() + used, bytes.size() - used);
    if (count == 0) break;
    if (count < 0 && errno != EINTR) throw system_error("Cannot read", path.string(), errno);
    used += count > 0 ? static_cast<std::size_t>(count) : 0;
    if (sized && used + 1 == bytes.size()) break;  // as long as fstat said: no further read is needed
  }
  bytes.resize(used);
  return bytes;
}

std::optional<std::string> read_file_if_exists(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw system_error("Cannot read", path.string(), errno);
  }
  return read_descriptor(file.value(), path);
}

std::string read_file(const std::filesystem::path& path) {
  if (auto bytes = read_file_if_exists(path)) return *std::move(bytes);
  throw system_error("Cannot read", path.string(), ENOENT);
}

bool path_exists(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

namespace {

constexpr mode_t permission_bits = 07777;

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path target, mode_t mode) : target_(std::move(target)) {
  // Beside the target, because rename(2) is atomic only within one file system.
  std::string name = target_.string() + ".XXXXXX";
  file_ = FileDescriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (!file_) throw system_error("Cannot write", target_.string(), errno);
  temporary_ = name;
  // mkostemp makes the file 0600, and the umask does not apply to fchmod: the mode is exactly the wanted one.
  if (::fchmod(file_.value(), mode) != 0) {
    const int reason = errno;
    ::unlink(temporary_.c_str());
    throw system_error("Cannot write", target_.string(), reason);
  }
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.value(), bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw system_error("Cannot write", target_.string(), errno);
    }
  }
}

void AtomicFile::flush() {
  if (::fsync(file_.value()) != 0) throw system_error("Cannot write", target_.string(), errno);
}

void AtomicFile::commit() {
  flush();
  // The bytes are on the disk before the name: after a power cut the target is the old file or the new one,
  // never an empty one.
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
    throw system_error("Cannot write", target_.string(), errno);
  }
  temporary_.clear();
  sync_directory(target_.parent_path());
}

void AtomicFile::give_to(uid_t owner, gid_t group) {
  struct stat status {};
  if (::fstat(file_.value(), &status) != 0 || (status.st_uid == owner && status.st_gid == group)) return;
  // Only root may give a file away, and others only to a group of their own: each as far as it goes.
  if (::fchown(file_.value(), owner, group) != 0 &&
      ::fchown(file_.value(), static_cast<uid_t>(-1), group) != 0) {
    return;
  }
  // fchown(2) takes the set-id bits away.
  ::fchmod(file_.value(), status.st_mode & permission_bits);
}

std::filesystem::path link_target(std::filesystem::path path) {
  // As many as Linux itself follows before it reports ELOOP.
  constexpr int most_links = 40;
  const std::string first = path.string();
  for (int i = 0; i < most_links; ++i) {
    std::error_code no_link;
    const auto next = std::filesystem::read_symlink(path, no_link);
    if (no_link) return path;
    path = (path.parent_path() / next).lexically_normal();
  }
  throw system_error("Cannot follow", first, ELOOP);
}

void make_user_directories(const std::filesystem::path& directory) {
  if (presence_of(directory) == Presence::absent && directory.has_relative_path()) {
    make_user_directories(directory.parent_path());
  }
  std::error_code fault;
  const bool made = std::filesystem::create_directory(directory, fault);
  if (fault) throw system_error("Cannot make", directory.string(), fault.value());
  if (made) give_to_owner_of_folder(directory);
}

void write_file_atomically(const std::filesystem::path& target, std::string_view bytes, mode_t mode) {
  AtomicFile file(target, mode);
  file.write(bytes);
  file.commit();
}

void write_user_file(const std::filesystem::path& target, std::string_view bytes) {
  const std::filesystem::path file = link_target(target);
  make_user_directories(file.parent_path());
  // Of the file that is replaced; of a new one, the owner of its folder: root works for somebody else there.
  struct stat like {};
  const bool exists = ::stat(file.c_str(), &like) == 0;
  constexpr mode_t ordinary = 0644;
  AtomicFile written(file, exists ? like.st_mode & permission_bits : ordinary);
  if (exists || (::geteuid() == 0 && ::stat(file.parent_path().c_str(), &like) == 0)) {
    written.give_to(like.st_uid, like.st_gid);
  }
  written.write(bytes);
  written.commit();
}

void sync_directory(const std::filesystem::path& directory) {
  const FileDescriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A rename is durable only once the folder is; some file systems refuse fsync on folders, and are not asked
  // for more.
  if (descriptor) ::fsync(descriptor.value());
}

}  // namespace ktx
