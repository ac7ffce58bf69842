#include "root_lock.hpp"

#include "preflight.hpp"

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
  return FileLock::acquire(layout.install_lock_path, LockMode::exclusive, [&](const auto& holder) {
    if (!notice) return;
    notice("Waiting for another ktx" + place(holder) + " that is changing " + layout.runtime_root.string());
  });
}

}  // namespace ktx::runtime
