#include "folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <memory>

namespace ktx::cache {
namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

struct CloseListing {
  void operator()(DIR* listing) const { ::closedir(listing); }
};

}  // namespace

FileDescriptor open_folder(const std::filesystem::path& path) {
  return FileDescriptor(::open(path.c_str(), folder_flags));
}

FileDescriptor open_folder_in(const FileDescriptor& parent, const std::string& name) {
  FileDescriptor folder(::openat(parent.value(), name.c_str(), folder_flags | O_NOFOLLOW));
  if (folder && objection_to(folder)) folder.reset();
  return folder;
}

FileDescriptor make_folder_in(const FileDescriptor& parent, const std::string& name) {
  if (FileDescriptor folder = open_folder_in(parent, name)) return folder;
  ::mkdirat(parent.value(), name.c_str(), S_IRWXU);
  return open_folder_in(parent, name);
}

std::optional<std::string> objection_to(const FileDescriptor& folder) {
  struct stat status {};
  if (::fstat(folder.value(), &status) != 0) return "cannot be looked at";
  if (status.st_uid != ::geteuid()) return "belongs to another user";
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "can be written to by others";
  return std::nullopt;
}

std::vector<File> files_in(const FileDescriptor& folder) {
  std::vector<File> files;
  // Opened anew, so that each listing starts at the beginning.
  const int descriptor = ::openat(folder.value(), ".", folder_flags);
  const std::unique_ptr<DIR, CloseListing> listing(descriptor < 0 ? nullptr : ::fdopendir(descriptor));
  if (!listing) {
    if (descriptor >= 0) ::close(descriptor);
    return files;
  }
  while (const dirent* entry = ::readdir(listing.get())) {
    struct stat status {};
    if (::fstatat(folder.value(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISREG(status.st_mode)) continue;
    files.push_back({entry->d_name, static_cast<std::uint64_t>(status.st_size), status.st_mtim});
  }
  return files;
}

}  // namespace ktx::cache
