#pragma once

#include <filesystem>
#include <string>

namespace ktx {

/// Whether something is at a path, as far as this user can tell.
enum class Presence {
  present,
  absent,
  hidden,  ///< a folder on the way may not be entered (EACCES): it may well be there
};

/// Looks for `path`, links followed.
Presence presence_of(const std::filesystem::path& path);

/// Whose `path` is: "user ann", or "user 1000" for one without a name; "another user" if it cannot be looked
/// at.
std::string owner_of(const std::filesystem::path& path);

/// Whether every user of this machine may read the file, or enter the folder, that `path` leads to.
bool is_open_to_all(const std::filesystem::path& path);

/// What to do about `path` after EACCES or EPERM: names the file or folder that stands in the way, and whose
/// it is. Empty for a relative path.
std::string access_fix(const std::filesystem::path& path);

/// Gives what root has just made at `path` to the owner of the folder that it is in: in a project of user
/// ann, `sudo ktx` leaves nothing that ann cannot change. Nothing happens for anybody but root.
void give_to_owner_of_folder(const std::filesystem::path& path);

}  // namespace ktx
