#include "ktx/install/settle.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

#include "ktx/install/preflight.hpp"
#include "ktx/runtime/environment_link.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/util/error.hpp"

namespace ktx::runtime {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> entries_named(const fs::path& directory, std::string_view prefix) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (fs::directory_iterator at(directory, ignored), end; at != end; at.increment(ignored)) {
    if (at->path().filename().string().starts_with(prefix)) found.push_back(at->path());
  }
  return found;
}

void remove_all(const std::vector<fs::path>& paths) {
  std::error_code ignored;
  for (const fs::path& path : paths) fs::remove_all(path, ignored);
}

// Temporary files that an `AtomicFile` left when its process was killed.
std::vector<fs::path> unfinished_receipts(const Layout& layout) {
  return entries_named(layout.version_dir, layout.manifest_path.filename().string() + ".");
}

std::vector<fs::path> environments_but(const Layout& layout, std::string_view referenced) {
  std::vector<fs::path> unreferenced = entries_named(layout.version_dir, environment_prefix);
  std::erase_if(unreferenced, [&](const fs::path& path) { return path.filename() == referenced; });
  return unreferenced;
}

void remove_unreferenced(const Layout& layout, std::string_view referenced) {
  const auto unreferenced = environments_but(layout, referenced);
  // One moment without users is enough: processes that start later read a receipt that names none of these.
  if (!unreferenced.empty() && claim_unused(layout, layout.cli_version)) remove_all(unreferenced);
}

// Links and receipts that were not renamed into place, and the private folders of installs and prunes.
std::vector<fs::path> unfinished_work(const Layout& layout) {
  std::vector<fs::path> found = entries_named(layout.version_dir, ".venv-");
  for (const auto& entries : {unfinished_receipts(layout), entries_named(layout.own_dir, staging_prefix),
                              entries_named(layout.own_dir, trash_prefix)}) {
    found.insert(found.end(), entries.begin(), entries.end());
  }
  return found;
}

std::string referenced_environment(const Layout& layout, const LoadedReceipt& loaded) {
  // Without a readable receipt, the link is the only hint; its environment is kept.
  return loaded.receipt ? loaded.receipt->environment : linked_environment(layout);
}

// " (process 123 on host-b)"; empty if the holder is unknown.
std::string place(const std::optional<LockHolder>& holder) {
  if (!holder) return {};
  return " (process " + std::to_string(holder->pid) + (holder->host.empty() ? "" : " on " + holder->host) +
         ")";
}

}  // namespace

void settle(const Layout& layout) {
  remove_all(unfinished_work(layout));
  const LoadedReceipt loaded = load_receipt(layout);
  if (!loaded.newer_writer.empty()) return;  // the environment that it names is unknown
  const std::string environment = referenced_environment(layout, loaded);
  // An install was killed between the link and the receipt, or somebody moved the link.
  if (loaded.receipt && linked_environment(layout) != environment &&
      fs::exists(layout.environment_dir(environment))) {
    EnvironmentLink(layout, environment).keep();
  }
  remove_unreferenced(layout, environment);
}

std::vector<fs::path> leftovers(const Layout& layout) {
  std::vector<fs::path> found = unfinished_work(layout);
  const LoadedReceipt loaded = load_receipt(layout);
  if (!loaded.newer_writer.empty()) return found;
  const auto environments = environments_but(layout, referenced_environment(layout, loaded));
  found.insert(found.end(), environments.begin(), environments.end());
  return found;
}

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
