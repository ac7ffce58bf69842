#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ktx::project {

/// Makes a project named `name` in `directory`: its folders, `.ktx/.gitignore`, and in the end ktx.yaml. What
/// is there already stays. Returns the files that were made, relative to `directory`.
///
/// Throws a `project` error when there is a ktx.yaml, and an `io` error when something cannot be made.
std::vector<std::string> make_project(const std::filesystem::path& directory, const std::string& name);

/// Makes the folder and those above it that are missing. Throws an `io` error that names it.
void make_folder(const std::filesystem::path& folder);

/// Notes in ktx.yaml that setup is done with the step. Throws as `edit_config_file`.
void complete_setup_step(const std::filesystem::path& directory, const std::string& step);

}  // namespace ktx::project
