#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ktx/runtime/layout.hpp"

namespace ktx::runtime {

/// Runtimes of other versions of ktx under the root. Full paths, by name.
struct PruneResult {
  std::filesystem::path runtime_root;
  std::vector<std::filesystem::path> stale;    ///< of other versions, not in use
  std::vector<std::filesystem::path> kept;     ///< of this version
  std::vector<std::filesystem::path> in_use;   ///< of other versions, in use by a live process
  std::vector<std::filesystem::path> removed;  ///< empty with `dry_run`
};

/// Removes the stale runtimes, or only finds them. Only directories whose name is a version count; everything
/// else under the root is left alone. Waits for a running install and tells `notice` so; `progress` is told
/// each removal as it begins. Throws an `io` error for what cannot be removed, after removing the others.
PruneResult prune(const Layout& layout, bool dry_run,
                  const std::function<void(const std::string&)>& notice = {},
                  const std::function<void(const std::string&)>& progress = {});

}  // namespace ktx::runtime
