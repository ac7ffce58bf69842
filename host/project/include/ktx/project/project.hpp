#pragma once

#include <filesystem>
#include <optional>

#include "ktx/project/config.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::project {

struct Project {
  std::filesystem::path directory;  ///< absolute
  Config config;
};

/// The project's folder: `option` (--project-dir), else the variable KTX_PROJECT_DIR, else the nearest
/// folder from the working directory upwards that holds ktx.yaml, else the working directory. The
/// folder need not hold a project. Throws a `usage` error when the option or the variable is set but
/// empty.
std::filesystem::path find_project_directory(const std::optional<std::filesystem::path>& option,
                                             const Environment& environment);

/// Reads the project in `directory`. Throws a `project` error when there is none or its ktx.yaml is
/// wrong.
Project load_project(const std::filesystem::path& directory);

}  // namespace ktx::project
