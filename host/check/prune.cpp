#include "ktx/check/prune.hpp"

#include <algorithm>
#include <regex>
#include <system_error>

#include "ktx/install/settle.hpp"
#include "ktx/runtime/environment_link.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/interrupt.hpp"
#include "ktx/util/random.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

using Listener = std::function<void(const std::string&)>;

// Whether a name is that of a version's directory: "0.1.0", "0.1.0-rc.0", "1.2.3+local".
bool is_version(const std::string& name) {
  static const std::regex pattern(R"(\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?)");
  return std::regex_match(name, pattern);
}

std::vector<fs::path> version_directories(const fs::path& root) {
  std::vector<fs::path> directories;
  if (!path_exists(root)) return directories;
  std::error_code failure;
  for (fs::directory_iterator at(root, failure), end; !failure && at != end; at.increment(failure)) {
    std::error_code dangling;
    if (fs::is_directory(at->path(), dangling) && is_version(at->path().filename().string())) {
      directories.push_back(at->path());
    }
  }
  if (failure) throw system_error("Cannot list", root.string(), failure.value());
  std::sort(directories.begin(), directories.end());
  return directories;
}

// A version without a lock file was never run, and so is not in use; looking must not create the file.
bool is_in_use(const Layout& layout, const fs::path& directory) {
  const std::string version = directory.filename().string();
  return path_exists(layout.in_use_lock_path_of(version)) && !claim_unused(layout, version);
}

PruneResult find(const Layout& layout) {
  PruneResult result{
      .runtime_root = layout.runtime_root, .stale = {}, .kept = {}, .in_use = {}, .removed = {}};
  for (const fs::path& directory : version_directories(layout.runtime_root)) {
    if (directory == layout.version_dir) {
      result.kept.push_back(directory);
    } else if (is_in_use(layout, directory)) {
      result.in_use.push_back(directory);
    } else {
      result.stale.push_back(directory);
    }
  }
  return result;
}

// Removes one version; returns whether it is gone. It is renamed first while nobody uses it, so that a
// process that starts meanwhile finds no runtime instead of half of one.
bool remove_version(const Layout& layout, const fs::path& directory, std::string& failure) {
  const fs::path trash = layout.trash_dir(random_id());
  std::error_code error;
  {
    const auto claim = claim_unused(layout, directory.filename().string());
    if (!claim) return false;  // a process has started to use it since `find`
    fs::rename(directory, trash, error);
  }
  if (!error) fs::remove_all(trash, error);
  if (error) failure = system_error("Cannot remove", directory.string(), error.value()).message();
  return !error;
}

void remove_stale(const Layout& layout, PruneResult& result, const Listener& progress) {
  std::string failure;
  for (const fs::path& directory : result.stale) {
    throw_if_interrupted();
    if (progress) progress("Removing " + directory.string());
    if (remove_version(layout, directory, failure)) result.removed.push_back(directory);
  }
  // One that cannot be removed does not keep the others.
  if (failure.empty()) return;
  throw Error(ErrorKind::io, failure, "Make it removable, then run: ktx runtime prune --yes");
}

}  // namespace

PruneResult prune(const Layout& layout, bool dry_run, const Listener& notice, const Listener& progress) {
  PruneResult found = find(layout);
  // Without the lock, so that looking never waits for an install.
  if (dry_run || (found.stale.empty() && leftovers(layout).empty())) return found;
  const InterruptGuard interrupts;
  const FileLock lock = lock_root(layout, notice);
  settle(layout);
  // Again, under the lock: an install or a prune may have finished meanwhile.
  found = find(layout);
  remove_stale(layout, found, progress);
  return found;
}

}  // namespace ktx::runtime
