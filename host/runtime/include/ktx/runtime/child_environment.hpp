#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "ktx/util/environment.hpp"

namespace ktx::runtime {

/// The user's variables for a Python that ktx starts: without PYTHON*, which would change what it finds,
/// and without those of an activated environment.
std::map<std::string, std::string> python_environment(const Environment& environment);

/// The user's variables for uv. Indexes, proxies, certificates and the cache are the user's to set; variables
/// that would change which packages are installed, or where, are removed. Byte code is compiled to be loaded
/// unchecked. A cache folder that cannot be written to is replaced by `private_cache`.
std::map<std::string, std::string> uv_environment(const Environment& environment,
                                                  const std::filesystem::path& private_cache);

/// The user's variables for pip, filtered as for uv. If only uv's variables name an index or a trusted host,
/// they are translated to pip's.
std::map<std::string, std::string> pip_environment(const Environment& environment);

/// Those variables of the dynamic loader that are set, by which other libraries come into a process:
/// "LD_PRELOAD and LD_LIBRARY_PATH"; empty if there is none.
std::string loader_variables(const Environment& environment);

/// The environment without them.
Environment without_loader_variables(Environment environment);

/// What to do when something does not load and they are set.
std::string loader_fix(const Environment& environment);

}  // namespace ktx::runtime
