#include "settle.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

#include "environment_link.hpp"
#include "ktx/runtime/in_use.hpp"
#include "ktx/runtime/receipt.hpp"

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

void remove_unreferenced(const Layout& layout, std::string_view referenced) {
  std::vector<fs::path> unreferenced = entries_named(layout.version_dir, environment_prefix);
  std::erase_if(unreferenced, [&](const fs::path& path) { return path.filename() == referenced; });
  // A moment without users is enough: who comes later reads a receipt that names none of these.
  if (!unreferenced.empty() && claim_unused(layout, layout.cli_version)) remove_all(unreferenced);
}

}  // namespace

void settle(const Layout& layout) {
  const LoadedReceipt loaded = load_receipt(layout);
  if (!loaded.newer_writer.empty()) return;  // which environment it names is not known
  if (!loaded.receipt) return remove_unreferenced(layout, linked_environment(layout));
  const std::string& environment = loaded.receipt->environment;
  if (linked_environment(layout) != environment && fs::exists(layout.environment_dir(environment))) {
    EnvironmentLink(layout, environment).keep();
  }
  remove_all(entries_named(layout.version_dir, ".venv-"));
  remove_unreferenced(layout, environment);
}

void remove_leftovers(const Layout& layout) {
  remove_all(entries_named(layout.own_dir, staging_prefix));
  remove_all(entries_named(layout.own_dir, trash_prefix));
}

}  // namespace ktx::runtime
