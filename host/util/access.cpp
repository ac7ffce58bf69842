#include "ktx/util/access.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "ktx/util/shell_words.hpp"

namespace ktx {
namespace {

namespace fs = std::filesystem;

std::optional<struct stat> look_at(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

std::string user_name(uid_t user) {
  const passwd* entry = ::getpwuid(user);
  return "user " + (entry != nullptr ? std::string(entry->pw_name) : std::to_string(user));
}

// The first part of `path` that this user can see and not get past; `path` itself if all of it can be seen.
fs::path obstacle(const fs::path& path) {
  fs::path seen;
  for (const fs::path& part : path) {
    const fs::path next = seen / part;
    if (!look_at(next)) return seen;
    seen = next;
  }
  return path;
}

}  // namespace

Presence presence_of(const fs::path& path) {
  if (look_at(path)) return Presence::present;
  return errno == EACCES ? Presence::hidden : Presence::absent;
}

std::string owner_of(const fs::path& path) {
  const auto status = look_at(path);
  return status ? user_name(status->st_uid) : "another user";
}

bool is_open_to_all(const fs::path& path) {
  std::error_code gone;
  const fs::path whole = fs::canonical(path, gone);
  if (gone) return false;
  fs::path seen;
  for (const fs::path& part : whole) {
    seen /= part;
    const auto status = look_at(seen);
    if (!status) return false;
    const mode_t needed = S_ISDIR(status->st_mode) ? S_IXOTH : S_IROTH;
    if ((status->st_mode & needed) == 0) return false;
  }
  return true;
}

std::string access_fix(const fs::path& path) {
  if (!path.is_absolute()) return {};
  const fs::path place = obstacle(path);
  const auto status = look_at(place);
  if (!status) return {};
  if (status->st_uid == ::geteuid()) {
    const std::string rights = S_ISDIR(status->st_mode) ? "u+rwx" : "u+rw";
    return "Give yourself the right: " + shell_command({"chmod", rights, place});
  }
  return "'" + place.string() + "' belongs to " + user_name(status->st_uid) +
         ": ask for the right to use it, or run ktx as that user";
}

void give_to_owner_of_folder(const fs::path& path) {
  const auto folder = ::geteuid() == 0 ? look_at(path.parent_path()) : std::nullopt;
  if (!folder || folder->st_uid == 0) return;
  // lchown: what is at the path may have been exchanged for a link meanwhile.
  if (::lchown(path.c_str(), folder->st_uid, folder->st_gid) != 0) return;
}

}  // namespace ktx
