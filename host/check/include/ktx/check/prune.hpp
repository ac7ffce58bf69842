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

/// Removes the stale runtimes, or only finds them. Only directories that have a version for a name count;
/// whatever else is under the root is not touched. Waits for an install that is under way, telling
/// `notice`; `progress` is told each removal as it begins. Throws an `io` error for what cannot be removed,
/// when all the others are.
PruneResult prune(const Layout& layout, bool dry_run,
                  const std::function<void(const std::string&)>& notice = {},
                  const std::function<void(const std::string&)>& progress = {});

}  // namespace ktx::runtime
