#include "ktx/util/filesystem.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "ktx/util/error.hpp"
#include "ktx/util/file_descriptor.hpp"

namespace ktx {

std::string read_descriptor(int descriptor, const std::filesystem::path& path) {
  struct stat status {};
  const bool sized = ::fstat(descriptor, &status) == 0 && status.st_size > 0;
  // One byte more than there should be: a read that finds the end needs room to ask for something.
  std::string bytes(sized ? static_cast<std::size_t>(status.st_size) + 1 : 4096, '\0');
  std::size_t used = 0;
  for (;;) {
    if (used == bytes.size()) bytes.resize(2 * used);
    const ssize_t count = ::read(descriptor, bytes.data() + used, bytes.size() - used);
    if (count == 0) break;
    if (count < 0 && errno != EINTR) throw system_error("Cannot read", path.string(), errno);
    used += count > 0 ? static_cast<std::size_t>(count) : 0;
    if (sized && used + 1 == bytes.size()) break;  // the file was as long as it said, and not longer
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

}  // namespace ktx
