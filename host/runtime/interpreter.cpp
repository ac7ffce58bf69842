#include "ktx/runtime/interpreter.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <vector>

#include "ktx/util/error.hpp"

namespace ktx::runtime {

FileIdentity identify(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw system_error("Cannot look at", path.string(), errno);
  constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
  return {path, status.st_ino, static_cast<std::uint64_t>(status.st_size),
          status.st_mtim.tv_sec * nanoseconds_per_second + status.st_mtim.tv_nsec};
}

std::vector<std::filesystem::path> package_directories(const Interpreter& interpreter, const std::filesystem::path& environment_dir) {
  const std::string below = (environment_dir / "").string();
  std::vector<std::filesystem::path> directories;
  for (const std::filesystem::path& path : interpreter.search_paths) {
    if (path.string().starts_with(below)) directories.push_back(path);
  }
  return directories;
}

}  // namespace ktx::runtime
