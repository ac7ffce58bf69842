#include "ktx/project/config_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "ktx/project/config.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;

constexpr const char* edited_file = "ktx.yaml";
constexpr std::string_view ignored_files =
    "# What ktx keeps for itself on this machine; it is made anew when it is missing.\ndb.sqlite*\n*.lock\n";
constexpr mode_t permission_bits = 07777;

mode_t mode_of(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) throw system_error("Cannot read", file.string(), errno);
  return status.st_mode & permission_bits;
}

}  // namespace

fs::path make_local_folder(const fs::path& directory) {
  fs::path folder = directory / ".ktx";
  std::error_code fault;
  const bool made = fs::create_directory(folder, fault);
  if (fault) throw system_error("Cannot make", folder.string(), fault.value());
  // Whoever has removed it later has done so on purpose.
  if (made) write_file_atomically(folder / ".gitignore", ignored_files);
  return folder;
}

void edit_config_file(const fs::path& directory,
                      const std::function<std::string(const std::string& text)>& edit) {
  const fs::path file = directory / edited_file;
  if (!path_exists(file)) {
    throw Error(ErrorKind::project, "No ktx.yaml in " + directory.string(),
                "Run ktx inside a project, or name its folder with --project-dir");
  }
  const FileLock lock =
      FileLock::acquire(make_local_folder(directory) / "ktx.yaml.lock", LockMode::exclusive);
  std::error_code fault;
  const fs::path target = fs::canonical(file, fault);
  if (fault) throw system_error("Cannot read", file.string(), fault.value());
  const std::string text = read_file(target);
  const std::string result = edit(text);
  if (result == text) return;
  parse_config(result, edited_file);
  write_file_atomically(target, result, mode_of(target));
}

}  // namespace ktx::project
