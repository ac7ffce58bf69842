#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ktx/util/environment.hpp"

namespace ktx {

/// The absolute directories of PATH, in order.
std::vector<std::filesystem::path> path_directories(const Environment& environment);

/// Whether `path` is a file that this user may run.
bool is_executable_file(const std::filesystem::path& path);

/// The first program of that name on PATH; nothing when there is none.
std::optional<std::filesystem::path> find_program(const Environment& environment, const std::string& name);

}  // namespace ktx
