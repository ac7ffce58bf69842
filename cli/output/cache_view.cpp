#include "ktx/output/cache_view.hpp"

#include "ktx/output/progress.hpp"
#include "ktx/util/json.hpp"

namespace ktx::cli {
namespace {

std::string state_of(const CacheStatus& status) {
  if (status.objection) return "not used: the folder " + *status.objection;
  return status.enabled ? "in use" : "switched off here";
}

}  // namespace

std::string cache_status_text(const CacheStatus& status) {
  std::string text = "cache: " + status.directory.string() + "\nstatus: " + state_of(status) + "\n";
  for (const auto& [kind, usage] : status.parts) {
    text += std::string(kind.content) + ": " + std::to_string(usage.entries) + ", " + size_text(usage.bytes) +
            " of at most " + size_text(kind.all_bytes()) + "\n";
  }
  return text;
}

std::string cache_status_json(const CacheStatus& status) {
  Json parts = Json::array();
  for (const auto& [kind, usage] : status.parts) {
    parts.push_back({{"name", kind.name},
                     {"entries", usage.entries},
                     {"bytes", usage.bytes},
                     {"maxBytes", kind.all_bytes()}});
  }
  Json json = {{"directory", status.directory.string()}, {"enabled", status.enabled}};
  if (status.objection) json["objection"] = *status.objection;
  json["parts"] = std::move(parts);
  return pretty_json(json);
}

std::string cache_clear_text(const std::filesystem::path& directory, const cache::Usage& removed) {
  // An empty cache is not an error: the state is the one asked for.
  if (removed.entries == 0) return "Nothing is kept in " + directory.string() + "\n";
  const std::string count = std::to_string(removed.entries) + (removed.entries == 1 ? " entry" : " entries");
  return "Removed " + count + ", " + size_text(removed.bytes) + ", from " + directory.string() + "\n";
}

std::string cache_clear_json(const std::filesystem::path& directory, const cache::Usage& removed) {
  return pretty_json(
      {{"directory", directory.string()}, {"entries", removed.entries}, {"bytes", removed.bytes}});
}

}  // namespace ktx::cli
