#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ktx/runtime/interpreter.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// What a Python says of itself.
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

/// Why the shared library at the path cannot be loaded by this program; nothing when it can.
using LibraryCheck = std::function<std::optional<std::string>(const std::filesystem::path&)>;

/// The shared library of a Python, or the reason why ktx cannot run it.
struct JudgedPython {
  std::filesystem::path libpython;  ///< links resolved
  std::string rejection;
};

/// Rejects what is not CPython, has no plugin in `plugin_dir`, is free-threaded or a debug build, or has
/// no shared library that loads.
JudgedPython judge_python(const PythonFacts& facts, const std::filesystem::path& plugin_dir,
                          const LibraryCheck& loads);

}  // namespace ktx::runtime
