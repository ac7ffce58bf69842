#include "source_files.hpp"

#include <algorithm>

#include "ktx/util/error.hpp"
#include "ktx/util/spans.hpp"

namespace ktx::project {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

bool is_yaml(const fs::path& path) { return path.extension() == ".yaml" || path.extension() == ".yml"; }

void collect(const fs::path& folder, std::vector<fs::path>& files) {
  std::error_code failure;
  for (fs::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (is_hidden(entry->path())) {
      entry.disable_recursion_pending();
    } else if (is_yaml(entry->path()) && !entry->is_directory()) {
      files.push_back(entry->path());
    }
  }
  if (failure) throw system_error("Cannot read", folder.string(), failure.value());
}

}  // namespace

fs::path semantic_layer_directory(const fs::path& project_directory) {
  return project_directory / "semantic-layer";
}

SourceFiles find_source_files(const fs::path& project_directory, const std::string& connection_id) {
  const ScopedSpan span("find files");
  const fs::path folder = semantic_layer_directory(project_directory) / connection_id;
  SourceFiles files;
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) return files;
  std::vector<fs::path> paths;
  collect(folder, paths);
  const std::string root = project_directory.generic_string() + "/";
  const std::string shards = folder.generic_string() + "/_schema/";
  for (const fs::path& path : paths) {
    const std::string name = path.generic_string();
    (name.starts_with(shards) ? files.shards : files.sources).push_back(name.substr(root.size()));
  }
  std::ranges::sort(files.shards);
  std::ranges::sort(files.sources);
  return files;
}

}  // namespace ktx::project
