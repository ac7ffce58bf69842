#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ktx::runtime {

/// A file as it was when it was last trusted; cheap to compare (one stat).
struct FileIdentity {
  std::filesystem::path path;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;  ///< modification time in nanoseconds since the Unix epoch

  bool operator==(const FileIdentity&) const = default;
};

/// The identity of the file at `path` now, links followed. Throws an `io` error when there is none.
FileIdentity identify(const std::filesystem::path& path);

/// What install learnt of the interpreter in the managed environment: everything that is needed to
/// load it without asking it anything. Kept in the receipt.
struct Interpreter {
  std::string version;                              ///< "3.13.0"
  std::string tag;                                  ///< "cp313": which plugin it needs
  std::string soabi;                                ///< "cpython-313-x86_64-linux-gnu"
  std::filesystem::path executable;                 ///< the environment's own python
  std::filesystem::path prefix;                     ///< the environment (sys.prefix)
  std::filesystem::path base_executable;            ///< the python that the environment was made from
  std::filesystem::path base_prefix;                ///< sys.base_prefix
  FileIdentity libpython;                           ///< the shared library, links resolved
  std::vector<std::filesystem::path> search_paths;  ///< sys.path, in order, all absolute
};

/// The directories of installed packages: those search paths that belong to the environment.
std::vector<std::filesystem::path> package_directories(const Interpreter& interpreter,
                                                       const std::filesystem::path& environment_dir);

}  // namespace ktx::runtime
