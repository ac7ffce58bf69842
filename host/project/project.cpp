#include "ktx/project/project.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "ktx/project/config.hpp"
#include "ktx/project/config_edit.hpp"
#include "ktx/util/access.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::project {
namespace {

constexpr const char* config_file = "ktx.yaml";
constexpr const char* directory_variable = "KTX_PROJECT_DIR";

Error no_current_folder() {
  return {ErrorKind::io, "The current folder is gone: it was removed or moved",
          "Change to a folder that is there, or name the project's with --project-dir"};
}

std::filesystem::path absolute(const std::filesystem::path& path, const Environment& environment) {
  if (path.is_relative() && environment.directory.empty()) throw no_current_folder();
  auto normal = (environment.directory / path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();  // "a/b/" is "a/b"
}

namespace fs = std::filesystem;

constexpr const char* ignore_file = ".ktx/.gitignore";
constexpr std::array project_folders = {".ktx/prompts", ".ktx/skills", "wiki/global", "semantic-layer",
                                        "raw-sources"};

}  // namespace

std::filesystem::path find_project_directory(const std::optional<std::filesystem::path>& option,
                                             const Environment& environment) {
  if (option) {
    if (option->empty()) throw Error(ErrorKind::usage, "--project-dir is empty", "Name the project's folder");
    return absolute(*option, environment);
  }
  const auto variable = environment.variables.find(directory_variable);
  if (variable != environment.variables.end()) {
    if (variable->second.empty()) {
      throw Error(ErrorKind::usage, "KTX_PROJECT_DIR is set but empty",
                  "Unset KTX_PROJECT_DIR, or set it to the project's folder");
    }
    return absolute(variable->second, environment);
  }
  if (environment.directory.empty()) throw no_current_folder();
  for (auto folder = environment.directory; !folder.empty(); folder = folder.parent_path()) {
    // One that may not be looked at is not passed over: reading it says why.
    if (presence_of(folder / config_file) != Presence::absent) return folder;
    // The root's parent is the root itself.
    if (folder == folder.root_path()) break;
  }
  return environment.directory;
}

Project load_project(const std::filesystem::path& directory) {
  const auto file = directory / config_file;
  const auto text = read_file_if_exists(file);
  if (!text) {
    throw no_config_file(directory, enter_a_project);
  }
  return {directory, parse_config(*text, config_file)};
}

void make_folder(const fs::path& folder) { make_user_directories(folder); }

std::vector<std::string> make_project(const fs::path& directory, const std::string& name) {
  if (path_exists(directory / config_file)) {
    throw Error(ErrorKind::project, "There is a project in " + directory.string() + " already",
                "Go on with it: leave out --new");
  }
  make_folder(directory);
  const bool has_ignore_file = path_exists(directory / ignore_file);
  make_local_folder(directory);
  for (const char* folder : project_folders) make_folder(directory / folder);
  // ktx.yaml last: a folder without it is no project, so an interrupted setup can be repeated.
  const std::string text = set_config_value("", config_file, {"project"}, name);
  write_user_file(directory / config_file, text);  // which may be a link to where nothing is yet
  std::vector<std::string> made{config_file};
  if (!has_ignore_file && path_exists(directory / ignore_file)) made.emplace_back(ignore_file);
  return made;
}

void complete_setup_step(const fs::path& directory, const std::string& step) {
  edit_config_file(directory, [&](const std::string& text) {
    std::vector<std::string> steps = parse_config(text, config_file).setup.completed_steps;
    if (std::ranges::find(steps, step) != steps.end()) return text;
    steps.push_back(step);
    return set_config_value(text, config_file, {"setup", "completed_steps"}, steps);
  });
}

}  // namespace ktx::project
