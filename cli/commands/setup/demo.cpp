#include "setup/demo.hpp"

#include <algorithm>
#include <system_error>

#include "ktx/database/sqlite.hpp"
#include "ktx/project/config.hpp"
#include "ktx/project/project.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* config_name = "ktx.yaml";
constexpr const char* script_name = "shop.sql";
constexpr const char* database_name = "shop.db";
constexpr const char* demo_project = "demo-shop";

// All files below the folder, relative to it and sorted, with ktx.yaml first: once it is written, a run that
// was interrupted is recognised as the demo.
std::vector<fs::path> files_of(const fs::path& folder) {
  std::error_code fault;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry(folder, fault), end; !fault && entry != end;
       entry.increment(fault)) {
    if (entry->is_regular_file(fault)) files.push_back(entry->path().lexically_relative(folder));
  }
  std::ranges::sort(files);
  const auto config = std::ranges::find(files, fs::path(config_name));
  if (fault || config == files.end()) {
    throw Error(ErrorKind::asset, "The files of the demo are missing: " + (folder / config_name).string(),
                "Reinstall ktx");
  }
  std::rotate(files.begin(), config, config + 1);
  return files;
}

bool is_empty_or_missing(const fs::path& folder) {
  std::error_code fault;
  if (!path_exists(folder)) return true;
  if (!fs::is_directory(folder, fault)) {
    throw Error(ErrorKind::project, folder.string() + " is a file", "Name a folder for the demo");
  }
  const bool empty = fs::is_empty(folder, fault);
  if (fault) throw system_error("Cannot read", folder.string(), fault.value());
  return empty;
}

// By the name of its project: a folder of the user must not be overwritten.
bool is_demo(const fs::path& folder) {
  const auto text = read_file_if_exists(folder / config_name);
  try {
    return text && project::parse_config(*text, config_name).project == demo_project;
  } catch (const Error&) {
    return false;
  }
}

void check_folder(const fs::path& folder) {
  if (is_empty_or_missing(folder) || is_demo(folder)) return;
  throw Error(ErrorKind::project, folder.string() + " has files in it, and is not the demo",
              "Name another folder: ktx setup demo <folder>");
}

// Makes one file of the demo; the script becomes the database. Returns the path of what was made.
std::string make_file(const fs::path& assets, const fs::path& folder, const fs::path& file) {
  const std::string bytes = read_file(assets / file);
  if (file == script_name) {
    database::make_sqlite_database(folder / database_name, bytes);
    return database_name;
  }
  project::make_folder((folder / file).parent_path());
  write_user_file(folder / file, bytes);
  return file.generic_string();
}

}  // namespace

fs::path demo_assets(const fs::path& executable) {
  return executable.parent_path().parent_path() / "assets/demo";
}

DemoResult make_demo(const fs::path& assets, const fs::path& folder, bool force) {
  const auto files = files_of(assets);
  check_folder(folder);
  project::make_folder(folder);
  DemoResult result;
  for (const fs::path& file : files) {
    const fs::path target = folder / (file == script_name ? fs::path(database_name) : file);
    if (force || !path_exists(target)) result.made.push_back(make_file(assets, folder, file));
  }
  project::make_local_folder(folder);
  return result;
}

}  // namespace ktx::cli
