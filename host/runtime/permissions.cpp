#include "permissions.hpp"

#include <system_error>

#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

constexpr auto write_of_others = fs::perms::group_write | fs::perms::others_write;

}  // namespace

void withdraw_write_permissions(const fs::path& directory) {
  std::error_code failure;
  fs::permissions(directory, write_of_others, fs::perm_options::remove, failure);
  for (fs::recursive_directory_iterator at(directory, failure), end; !failure && at != end;
       at.increment(failure)) {
    const fs::file_status status = at->symlink_status(failure);
    if (failure || fs::is_symlink(status) || (status.permissions() & write_of_others) == fs::perms::none) {
      continue;
    }
    fs::permissions(at->path(), write_of_others, fs::perm_options::remove, failure);
  }
  if (failure) throw system_error("Cannot set the permissions below", directory.string(), failure.value());
}

}  // namespace ktx::runtime
