#include "root_lock.hpp"

#include "ktx/runtime/preflight.hpp"
#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

/// " (process 123 on host-b)"; empty when nobody left a name.
std::string place(const std::optional<LockHolder>& holder) {
  if (!holder) return {};
  return " (process " + std::to_string(holder->pid) + (holder->host.empty() ? "" : " on " + holder->host) +
         ")";
}

}  // namespace

FileLock lock_root(const Layout& layout, const std::function<void(const std::string&)>& notice) {
  make_directories(layout.locks_dir);
  const auto on_wait = [&](const auto& holder) {
    if (!notice) return;
    notice("Waiting for another ktx" + place(holder) + " that is changing " + layout.runtime_root.string());
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
