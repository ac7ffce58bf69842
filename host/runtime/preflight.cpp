#include "preflight.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

constexpr const char* other_root_fix =
    "Make the folder writable, or set KTX_RUNTIME_ROOT to one that is, then run: ktx runtime install --yes";

fs::path nearest_existing(fs::path directory) {
  while (!path_exists(directory) && directory.has_relative_path()) directory = directory.parent_path();
  return directory;
}

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20U) + " MiB"; }

}  // namespace

void check_disk(const Layout& layout, const Features& features) {
  const fs::path directory = nearest_existing(layout.version_dir);
  if (::access(directory.c_str(), W_OK | X_OK) != 0) {
    throw Error(ErrorKind::install, system_error("Cannot write to", directory.string(), errno).message(),
                other_root_fix);
  }
  struct statvfs status {};
  if (::statvfs(directory.c_str(), &status) != 0) return;  // not every file system can tell
  const std::uint64_t available = std::uint64_t{status.f_bavail} * status.f_frsize;
  const std::uint64_t needed = approximate_disk_space(features);
  if (available >= needed) return;
  throw Error(ErrorKind::install,
              "Not enough room for the KTX Python runtime: it needs about " + mebibytes(needed) + ", and " +
                  directory.string() + " has " + mebibytes(available),
              "Free some room, or set KTX_RUNTIME_ROOT to a folder on another disk");
}

void make_directories(const fs::path& directory) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (!failure) return;
  throw Error(ErrorKind::install,
              system_error("Cannot create", directory.string(), failure.value()).message(), other_root_fix);
}

}  // namespace ktx::runtime
