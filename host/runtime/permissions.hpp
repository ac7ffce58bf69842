#pragma once

#include <filesystem>

namespace ktx::runtime {

/// Takes from the group and from others the right to write to anything below `directory`: code that ktx loads
/// is the user's alone to change, whatever the umask was and whatever uv gives its lock files. Links are left
/// alone. Throws an `io` error.
void withdraw_write_permissions(const std::filesystem::path& directory);

}  // namespace ktx::runtime
