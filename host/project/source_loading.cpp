#include "source_loading.hpp"

#include <utility>
#include <vector>

#include "ktx/util/in_parallel.hpp"
#include "ktx/util/spans.hpp"
#include "source_bytes.hpp"
#include "source_composition.hpp"
#include "source_files.hpp"
#include "source_index.hpp"
#include "source_parsing.hpp"

namespace ktx::project {
namespace {

/// What each file holds and declares.
struct LoadedFiles {
  std::vector<SourceBytes> bytes;  ///< without their texts
  std::vector<ParsedFile> parsed;
};

/// Does all that one file has no say in for another. A thread lets a file's text go before it takes the next.
LoadedFiles load_files(const std::filesystem::path& project_directory, const std::string& connection_id,
                       const std::vector<std::string>& names, const std::optional<Moment>& begun,
                       std::size_t workers) {
  LoadedFiles files{std::vector<SourceBytes>(names.size()), std::vector<ParsedFile>(names.size())};
  const ScopedSpan span("read and parse files");
  in_parallel(names.size(), workers, [&](std::size_t i) {
    SourceBytes bytes = read_source_file(project_directory, names[i], begun);
    files.parsed[i] = parse_file(bytes, is_shard(names[i], connection_id), names, i);
    bytes.text = {};
    files.bytes[i] = std::move(bytes);
  });
  return files;
}

}  // namespace

SourceTree load_sources(const std::filesystem::path& project_directory, const std::string& connection_id,
                        const cache::Store* store, const Clock& clock, std::size_t workers) {
  const auto names = find_source_files(project_directory, connection_id);
  const auto begun = store == nullptr ? std::nullopt : std::optional(clock.now);
  if (workers == 0) workers = workers_for(names.size());
  LoadedFiles files = load_files(project_directory, connection_id, names, begun, workers);
  SourceTree tree = compose_sources(names, std::move(files.parsed));
  tree.digest = digest_of(names, files.bytes);
  if (store != nullptr) {
    if (const auto place = IndexPlace::of(*store, project_directory, connection_id)) {
      place->update(place->load(), index_of(names, files.bytes, clock.start));
    }
  }
  return tree;
}

}  // namespace ktx::project
