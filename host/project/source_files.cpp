#include "source_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>
#include <utility>

#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::project {
namespace {

constexpr const char* layer_folder = "semantic-layer";

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

bool is_yaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

std::string connection_path(const std::string& connection_id) {
  return std::string(layer_folder) + "/" + connection_id + "/";
}

// The type of an entry, or, if `followed`, of what a link leads to. DT_UNKNOWN if stat fails.
unsigned char type_of(int folder, const char* name, bool followed) {
  struct stat status {};
  if (::fstatat(folder, name, &status, followed ? 0 : AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
  return static_cast<unsigned char>(IFTODT(status.st_mode));
}

// Walks through one connection's folders. Each is opened relative to the one above it, so that the system
// does not walk the whole path for every file.
class FolderWalk {
 public:
  FolderWalk(std::filesystem::path top, const VisitFile& visit) : top_(std::move(top)), visit_(visit) {}

  // Closes the descriptor, or throws; `path` ends in '/'.
  void folder(int descriptor, const std::string& path) {
    const std::unique_ptr<DIR, CloseDirectory> listing(descriptor < 0 ? nullptr : ::fdopendir(descriptor));
    if (!listing) {
      const int reason = errno;
      if (descriptor >= 0) ::close(descriptor);
      throw error(reason);
    }
    while (const dirent* entry = next(listing.get())) {
      // Skips ".", ".." and editors' swap and lock files.
      if (entry->d_name[0] != '.') this->entry(descriptor, *entry, path);
    }
  }

 private:
  const dirent* next(DIR* listing) const {
    // readdir returns null at the end and on an error; only errno tells which.
    errno = 0;
    const dirent* entry = ::readdir(listing);
    if (entry == nullptr && errno != 0) throw error(errno);
    return entry;
  }

  void entry(int folder, const dirent& entry, const std::string& path) {
    const char* name = &entry.d_name[0];
    // Some file systems do not fill in d_type.
    const auto type = entry.d_type == DT_UNKNOWN ? type_of(folder, name, false) : entry.d_type;
    if (type == DT_DIR) {
      this->folder(::openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
                   path + name + "/");
      // A link to a file is read. A dangling link too, so that it is reported as unreadable and not
      // overlooked.
    } else if (is_yaml(name) && (type != DT_LNK || type_of(folder, name, true) != DT_DIR)) {
      visit_(folder, name, path);
    }
  }

  Error error(int reason) const { return system_error("Cannot read", top_.string(), reason); }

  std::filesystem::path top_;
  const VisitFile& visit_;
};

}  // namespace

std::filesystem::path semantic_layer_directory(const std::filesystem::path& project_directory) {
  return project_directory / layer_folder;
}

void visit_source_files(const std::filesystem::path& project_directory, const std::string& connection_id,
                        const VisitFile& visit) {
  const auto top = semantic_layer_directory(project_directory) / connection_id;
  std::error_code failure;
  if (!std::filesystem::is_directory(top, failure)) return;
  FolderWalk(top, visit)
      .folder(::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), connection_path(connection_id));
}

std::vector<std::string> find_source_files(const std::filesystem::path& project_directory,
                                           const std::string& connection_id) {
  const ScopedSpan span("find files");
  std::vector<std::string> files;
  visit_source_files(project_directory, connection_id,
                     [&](int, const char* name, const std::string& path) { files.push_back(path + name); });
  in_reading_order(files, connection_id, std::identity{});
  return files;
}

FileRole role_of(const std::string& path, const std::string& connection_id) {
  const std::string top = connection_path(connection_id);
  if (path.starts_with(top + "_schema/")) return FileRole::shard;
  return path.starts_with(top + "_metrics/") ? FileRole::metrics : FileRole::source;
}

}  // namespace ktx::project
