#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::runtime {

/// An executable that may be a Python, found by its name and place alone.
struct PythonCandidate {
  std::filesystem::path executable;
  std::string source;  ///< "uv", "pyenv", "PATH", "conda", "system": for messages

  bool operator==(const PythonCandidate&) const = default;
};

/// Every Python on this machine in the places where they are usually installed, each file once, links
/// followed. Shims that choose a Python by the working directory are left out. Starts no process.
/// `file_system_root` stands before the fixed system paths.
std::vector<PythonCandidate> discover_pythons(const Environment& environment, const Layout& layout,
                                              const std::filesystem::path& file_system_root = "/");

/// The folder that ktx has uv install interpreters into.
std::filesystem::path own_python_dir(const Layout& layout);

}  // namespace ktx::runtime
