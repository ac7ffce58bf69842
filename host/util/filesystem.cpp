#include "ktx/util/filesystem.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "ktx/util/error.hpp"
#include "ktx/util/file_descriptor.hpp"

namespace ktx {
namespace {

std::string read_all(const FileDescriptor& file, const std::filesystem::path& path) {
  std::string bytes;
  struct stat status {};
  if (::fstat(file.value(), &status) == 0 && status.st_size > 0) {
    bytes.reserve(static_cast<std::size_t>(status.st_size) + 1);
  }
  constexpr std::size_t chunk = 65536;
  for (;;) {
    const std::size_t used = bytes.size();
    bytes.resize(used + chunk);
    const ssize_t count = ::read(file.value(), bytes.data() + used, chunk);
    bytes.resize(used + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count == 0) return bytes;
    if (count < 0 && errno != EINTR) throw system_error("Cannot read", path.string(), errno);
  }
}

}  // namespace

std::optional<std::string> read_file_if_exists(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw system_error("Cannot read", path.string(), errno);
  }
  return read_all(file, path);
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
