#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

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

/// Makes a project named `name` in `directory`: its folders, `.ktx/.gitignore`, and last ktx.yaml. Existing
/// files stay. Returns the files that were made, relative to `directory`.
///
/// Throws a `project` error if there is a ktx.yaml, and an `io` error if something cannot be made.
std::vector<std::string> make_project(const std::filesystem::path& directory, const std::string& name);

/// Makes the folder and those above it that are missing. Throws an `io` error that names it.
void make_folder(const std::filesystem::path& folder);

/// Notes in ktx.yaml that setup has completed the step. Throws as `edit_config_file`.
void complete_setup_step(const std::filesystem::path& directory, const std::string& step);

}  // namespace ktx::project
