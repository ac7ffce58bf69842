#include "root_lock.hpp"

#include "ktx/runtime/preflight.hpp"
#include "ktx/util/error.hpp"

namespace ktx::runtime {

FileLock lock_root(const Layout& layout, const std::function<void(const std::string&)>& notice) {
  make_directories(layout.locks_dir);
  const auto on_wait = [&](std::optional<pid_t> holder) {
    if (!notice) return;
    notice("Waiting for another ktx" +
           (holder ? " (process " + std::to_string(*holder) + ")" : std::string()) + " that is changing " +
           layout.runtime_root.string());
  };
  try {
    return FileLock::acquire(layout.install_lock_path, LockMode::exclusive, on_wait);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::io) throw;
    throw Error(ErrorKind::install, error.message(),
                "Set KTX_RUNTIME_ROOT to a folder on a local disk where you may write, then run: ktx runtime "
                "install --yes");
  }
}

}  // namespace ktx::runtime
