#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ktx/util/json.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// A file as it was when it was last trusted. Inode and time are cheap to compare (one stat), but a copy has
/// others: what decides is the bytes.
struct FileIdentity {
  std::filesystem::path path;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;  ///< modification time in nanoseconds since the Unix epoch
  std::string sha256 = {};    ///< of the bytes, hexadecimal; empty where an older ktx kept none

  bool operator==(const FileIdentity&) const = default;
};

/// The identity of the file at `path` now, links followed, without its digest. Throws an `io` error if it
/// cannot be looked at.
FileIdentity identify(const std::filesystem::path& path);

/// As `identify`, with the digest: reads the whole file.
FileIdentity identify_bytes(const std::filesystem::path& path);

/// The file as it is now, if it is still the trusted one; std::nullopt if it is another. Reads it only if its
/// inode or its time differs, as in a copied image, an archive or a restored cache. Throws an `io` error if
/// it cannot be looked at.
std::optional<FileIdentity> recognize(const FileIdentity& trusted);

/// What the install learnt about the interpreter in the managed environment: everything that is needed to
/// load it without running it. Kept in the receipt.
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

/// The description of an interpreter as JSON: what the receipt keeps and what a plugin is started with.
/// Keys: version, tag, soabi, executable, prefix, baseExecutable, basePrefix,
/// libpython{path, inode, size, mtimeNs, sha256}, searchPaths.
Json to_json(const Interpreter& interpreter);

/// Reads what `to_json` wrote. Every member but `sha256` is required, every path must be absolute and there
/// must be at least one search path; anything else is an error of the kind that `object` was given.
Interpreter interpreter_from_json(const JsonObject& object);

/// What a Python reports about itself.
struct PythonFacts {
  std::string implementation;  ///< "cpython"
  std::string version;         ///< "3.13.0"
  std::vector<int> numbers;    ///< {3, 13, 0}
  std::string soabi;
  bool free_threaded = false;
  bool debug = false;
  std::filesystem::path executable;
  std::filesystem::path base_executable;  ///< outside of any virtual environment
  std::filesystem::path base_prefix;
  std::vector<std::filesystem::path> libraries;     ///< where its shared library may be, likeliest first
  std::vector<std::filesystem::path> search_paths;  ///< sys.path with the environment's packages

  /// "cp313": which plugin it needs.
  std::string tag() const;
};

/// Facts, or the reason why there are none.
struct ProbedPython {
  std::optional<PythonFacts> facts;
  std::string rejection;
};

/// Asks the Python at `executable`, isolated from the user's settings and within a time limit. With
/// `prefix`, the search paths are those of the virtual environment there.
ProbedPython probe_python(CommandRunner& runner, const std::filesystem::path& executable,
                          std::map<std::string, std::string> environment,
                          const std::filesystem::path& prefix = {});

/// Why the shared library at the path cannot be loaded by this program; std::nullopt if it can.
using LibraryCheck = std::function<std::optional<std::string>(const std::filesystem::path&)>;

/// The shared library of a Python, or the reason why ktx cannot run it.
struct JudgedPython {
  std::filesystem::path libpython;  ///< links resolved
  std::string rejection;
};

/// Why a Python is rejected whose shared library is not there, as where Debian's package of it is missing.
inline constexpr const char* no_shared_library = "it has no shared library";

/// Rejects what is not CPython, has no plugin in `plugin_dir`, is free-threaded or a debug build, or has
/// no shared library that loads.
JudgedPython judge_python(const PythonFacts& facts, const std::filesystem::path& plugin_dir,
                          const LibraryCheck& loads);

}  // namespace ktx::runtime
