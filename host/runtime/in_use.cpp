#include "ktx/runtime/in_use.hpp"

namespace ktx::runtime {

InUse hold_in_use(const Layout& layout) { return FileLock::share_existing(layout.in_use_lock_path); }

void create_in_use_lock(const Layout& layout) {
  FileLock::try_acquire(layout.in_use_lock_path, LockMode::shared);
}

std::optional<FileLock> claim_unused(const Layout& layout, const std::string& version) {
  return FileLock::try_acquire(layout.in_use_lock_path_of(version), LockMode::exclusive);
}

}  // namespace ktx::runtime
