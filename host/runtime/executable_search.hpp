#pragma once

#include <filesystem>
#include <vector>

#include "ktx/util/environment.hpp"

namespace ktx::runtime {

/// The absolute directories of PATH, in order.
std::vector<std::filesystem::path> path_directories(const Environment& environment);

/// Whether `path` is a file that this user may run.
bool is_executable_file(const std::filesystem::path& path);

}  // namespace ktx::runtime
