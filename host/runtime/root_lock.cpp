#include "root_lock.hpp"

#include "preflight.hpp"

namespace ktx::runtime {

FileLock lock_root(const Layout& layout, const std::function<void(const std::string&)>& notice) {
  make_directories(layout.locks_dir);
  return FileLock::acquire(layout.install_lock_path, LockMode::exclusive, [&](std::optional<pid_t> holder) {
    if (!notice) return;
    notice("Waiting for another ktx" +
           (holder ? " (process " + std::to_string(*holder) + ")" : std::string()) + " that is changing " +
           layout.runtime_root.string());
  });
}

}  // namespace ktx::runtime
