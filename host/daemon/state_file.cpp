#include "ktx/daemon/state_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::daemon {
namespace {

namespace fs = std::filesystem;

constexpr mode_t owner_only_directory = 0700;
constexpr mode_t owner_only_file = 0600;
constexpr mode_t write_by_others = 0022;
constexpr mode_t anything_by_others = 0077;
constexpr std::size_t size_limit = 65536;

/// Why what `status` describes could be under somebody else's control; empty when it cannot.
std::string distrust(const struct stat& status, mode_t forbidden, const std::string& path) {
  if (status.st_uid != ::geteuid()) return path + " belongs to another user";
  if ((status.st_mode & forbidden) != 0) return path + " is open to other users";
  return {};
}

std::string distrust_directory(const fs::path& directory) {
  struct stat status {};
  if (::lstat(directory.c_str(), &status) != 0) return {};
  if (!S_ISDIR(status.st_mode)) return directory.string() + " is not a folder";
  return distrust(status, write_by_others, directory.string());
}

std::string distrust_file(int file, const std::string& path) {
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return path + " is not a file";
  return distrust(status, anything_by_others, path);
}

std::string read_bounded(int file) {
  std::string text(size_limit, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t count = ::read(file, text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  return text;
}

LoadedState refused(std::string reason) { return {.state = {}, .refusal = std::move(reason)}; }

}  // namespace

LoadedState load_state(const runtime::Layout& layout) {
  const std::string path = layout.daemon_state_path.string();
  if (auto reason = distrust_directory(layout.daemon_dir); !reason.empty()) return refused(std::move(reason));
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && (errno == ENOENT || errno == ENOTDIR)) return {};
  if (!file) return refused(system_error("Cannot read", path, errno).message());
  if (auto reason = distrust_file(file.value(), path); !reason.empty()) return refused(std::move(reason));
  try {
    return {.state = parse_state(read_bounded(file.value())), .refusal = {}};
  } catch (const Error& error) {
    return refused(error.message());
  }
}

void make_daemon_directory(const runtime::Layout& layout) {
  std::error_code failure;
  fs::create_directories(layout.daemons_dir, failure);
  if (failure) throw system_error("Cannot create", layout.daemons_dir.string(), failure.value());
  if (::mkdir(layout.daemon_dir.c_str(), owner_only_directory) != 0 && errno != EEXIST) {
    throw system_error("Cannot create", layout.daemon_dir.string(), errno);
  }
  const std::string reason = distrust_directory(layout.daemon_dir);
  if (reason.empty()) return;
  throw Error(
      ErrorKind::daemon, "The daemon's folder cannot be trusted: " + reason,
      "Give it to yourself alone: chown it to your user, then chmod 700 " + layout.daemon_dir.string());
}

void write_state(const runtime::Layout& layout, const State& state) {
  write_file_atomically(layout.daemon_state_path, pretty_json(to_json(state)), owner_only_file);
}

void remove_state(const runtime::Layout& layout) {
  if (::unlink(layout.daemon_state_path.c_str()) != 0 && errno != ENOENT) {
    throw system_error("Cannot remove", layout.daemon_state_path.string(), errno);
  }
}

}  // namespace ktx::daemon
