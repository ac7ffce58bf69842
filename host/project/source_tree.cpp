#include "ktx/project/source_tree.hpp"

#include <algorithm>

#include "ktx/project/config.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"
#include "source_files.hpp"
#include "source_loading.hpp"

namespace ktx::project {

SourceTree load_source_tree(const std::filesystem::path& project_directory, const std::string& connection_id,
                            const cache::Store* store) {
  const ScopedSpan span("load sources");
  return load_sources(project_directory, connection_id, store, read_clock());
}

std::optional<std::string> source_tree_digest(const std::filesystem::path& project_directory,
                                              const std::string& connection_id, const cache::Store* store) {
  if (store == nullptr) return std::nullopt;
  try {
    return digest_by_index(project_directory, connection_id, *store, read_clock());
  } catch (const Error&) {
    return std::nullopt;  // loading the tree tells what is wrong
  }
}

bool has_source_directory(const std::filesystem::path& project_directory, const std::string& connection_id) {
  std::error_code none;
  return std::filesystem::is_directory(semantic_layer_directory(project_directory) / connection_id, none);
}

std::vector<std::string> connections_with_sources(const std::filesystem::path& project_directory) {
  std::vector<std::string> ids;
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(semantic_layer_directory(project_directory), none)) {
    std::string name = entry.path().filename().string();
    if (entry.is_directory() && is_connection_id(name)) ids.push_back(std::move(name));
  }
  std::ranges::sort(ids);
  return ids;
}

}  // namespace ktx::project
