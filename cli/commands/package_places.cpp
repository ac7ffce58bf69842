#include "package_places.hpp"

#include "ktx/util/error.hpp"

namespace ktx::cli {

void add_find_links_option(CLI::App& command, std::vector<std::string>& places) {
  command
      .add_option("--find-links", places,
                  "A folder (or address) with wheels to use too; may be given more than once")
      ->type_name("FOLDER")
      ->allow_extra_args(false);
}

std::vector<std::string> package_places(const std::vector<std::string>& places,
                                        const Environment& environment) {
  std::vector<std::string> absolute;
  for (const std::string& place : places) {
    if (place.find("://") != std::string::npos) {
      absolute.push_back(place);
      continue;
    }
    const std::filesystem::path folder = absolute_path(place, environment);
    if (!std::filesystem::is_directory(folder)) {
      throw Error(ErrorKind::usage, "--find-links names no folder: " + place,
                  "Name the folder that holds the wheels");
    }
    absolute.push_back(folder.string());
  }
  return absolute;
}

std::filesystem::path absolute_path(const std::string& path, const Environment& environment) {
  std::filesystem::path absolute = (environment.directory / path).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  return absolute;
}

}  // namespace ktx::cli
