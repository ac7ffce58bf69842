#include "ktx/project/project.hpp"

#include <string>

#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::project {
namespace {

constexpr const char* config_file = "ktx.yaml";
constexpr const char* directory_variable = "KTX_PROJECT_DIR";

std::filesystem::path absolute(const std::filesystem::path& path, const Environment& environment) {
  auto normal = (environment.directory / path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();  // "a/b/" is "a/b"
}

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
  for (auto folder = environment.directory; !folder.empty(); folder = folder.parent_path()) {
    if (path_exists(folder / config_file)) return folder;
    if (folder == folder.root_path()) break;
  }
  return environment.directory;
}

Project load_project(const std::filesystem::path& directory) {
  const auto file = directory / config_file;
  const auto text = read_file_if_exists(file);
  if (!text) {
    throw Error(ErrorKind::project, "No ktx.yaml in " + directory.string(),
                "Run ktx inside a project, or name its folder with --project-dir");
  }
  return {directory, parse_config(*text, config_file)};
}

}  // namespace ktx::project
