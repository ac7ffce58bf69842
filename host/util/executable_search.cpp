#include "ktx/util/executable_search.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>

namespace ktx {

std::vector<std::filesystem::path> path_directories(const Environment& environment) {
  std::vector<std::filesystem::path> directories;
  const std::string text = environment.variable("PATH").value_or("");
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(':', start), text.size());
    std::filesystem::path directory = text.substr(start, end - start);
    if (directory.is_absolute()) directories.push_back(std::move(directory));
    start = end + 1;
  }
  return directories;
}

bool is_executable_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<std::filesystem::path> find_program(const Environment& environment, const std::string& name) {
  for (const std::filesystem::path& directory : path_directories(environment)) {
    if (is_executable_file(directory / name)) return directory / name;
  }
  return std::nullopt;
}

}  // namespace ktx
