#include "ktx/project/scaffold.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include "ktx/project/config.hpp"
#include "ktx/project/config_edit.hpp"
#include "ktx/project/config_file.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;

constexpr const char* scaffold_file = "ktx.yaml";
constexpr const char* ignore_file = ".ktx/.gitignore";
constexpr std::array project_folders = {".ktx/prompts", ".ktx/skills", "wiki/global", "semantic-layer",
                                        "raw-sources"};

}  // namespace

void make_folder(const fs::path& folder) {
  std::error_code fault;
  fs::create_directories(folder, fault);
  if (fault) throw system_error("Cannot make", folder.string(), fault.value());
}

std::vector<std::string> make_project(const fs::path& directory, const std::string& name) {
  if (path_exists(directory / scaffold_file)) {
    throw Error(ErrorKind::project, "There is a project in " + directory.string() + " already",
                "Go on with it: leave out --new");
  }
  make_folder(directory);
  const bool has_ignore_file = path_exists(directory / ignore_file);
  make_local_folder(directory);
  for (const char* folder : project_folders) make_folder(directory / folder);
  const std::string text = set_config_value("", scaffold_file, {"project"}, name);
  write_file_atomically(directory / scaffold_file, text);
  std::vector<std::string> made{scaffold_file};
  if (!has_ignore_file && path_exists(directory / ignore_file)) made.emplace_back(ignore_file);
  return made;
}

void complete_setup_step(const fs::path& directory, const std::string& step) {
  edit_config_file(directory, [&](const std::string& text) {
    std::vector<std::string> steps = parse_config(text, scaffold_file).setup.completed_steps;
    if (std::ranges::find(steps, step) != steps.end()) return text;
    steps.push_back(step);
    return set_config_value(text, scaffold_file, {"setup", "completed_steps"}, steps);
  });
}

}  // namespace ktx::project
