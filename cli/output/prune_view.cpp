#include "ktx/output/prune_view.hpp"

#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

using Paths = std::vector<std::filesystem::path>;

std::string list(const std::string& heading, const Paths& paths) {
  std::string text = heading + "\n";
  for (const auto& path : paths) text += path.string() + "\n";
  return text;
}

Json strings(const Paths& paths) {
  Json array = Json::array();
  for (const auto& path : paths) array.push_back(path.string());
  return array;
}

}  // namespace

std::string prune_text(const runtime::PruneResult& result, bool dry_run) {
  const Paths& shown = dry_run ? result.stale : result.removed;
  std::string text;
  if (shown.empty()) {
    text = "No stale KTX Python runtimes found under " + result.runtime_root.string() + "\n";
  } else {
    text = list(dry_run ? "Stale KTX Python runtimes" : "Removed stale KTX Python runtimes", shown);
  }
  if (!result.in_use.empty()) text += list("Kept, in use by another process", result.in_use);
  return text;
}

std::string prune_json(const runtime::PruneResult& result) {
  return pretty_json({{"runtimeRoot", result.runtime_root.string()},
                      {"stale", strings(result.stale)},
                      {"kept", strings(result.kept)},
                      {"inUse", strings(result.in_use)},
                      {"removed", strings(result.removed)}});
}

}  // namespace ktx::cli
