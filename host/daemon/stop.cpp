#include "ktx/daemon/stop.hpp"

#include <utility>

#include "end_host.hpp"
#include "ktx/daemon/state_file.hpp"
#include "ktx/util/file_lock.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::daemon {

StopResult stop_host(const runtime::Layout& layout, const std::function<void(const std::string&)>& notice) {
  if (!path_exists(layout.daemon_dir)) return {};
  make_daemon_directory(layout);
  const FileLock lock = FileLock::acquire(layout.daemon_lock_path, LockMode::exclusive, [&](const auto&) {
    if (notice) notice("Waiting for another process, which starts or stops the KTX Python daemon");
  });
  LoadedState loaded = load_state(layout);
  if (loaded.absent()) return {};
  StopResult result{
      .kind = StopKind::stale, .detail = std::move(loaded.refusal), .state = std::move(loaded.state)};
  if (result.state && end_host(*result.state)) result.kind = StopKind::stopped;
  if (result.kind == StopKind::stale && result.detail.empty()) {
    result.detail = "its process " + std::to_string(result.state->process.pid) + " has ended";
  }
  remove_state(layout);
  return result;
}

}  // namespace ktx::daemon
