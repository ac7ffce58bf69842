#include "source_loading.hpp"

#include <utility>
#include <vector>

#include "in_parallel.hpp"
#include "source_bytes.hpp"
#include "source_composition.hpp"
#include "source_files.hpp"
#include "source_index.hpp"

namespace ktx::project {
namespace {

/// What marks refer to: the files that could be read. And for each file, which of them it is.
struct MarkedFiles {
  std::vector<std::string> names;
  std::vector<std::uint32_t> indexes;  ///< those of the others mean nothing
};

MarkedFiles marked_files(const std::vector<std::string>& names, const std::vector<SourceBytes>& bytes) {
  MarkedFiles files;
  for (std::size_t i = 0; i < names.size(); ++i) {
    files.indexes.push_back(static_cast<std::uint32_t>(files.names.size()));
    if (bytes[i].readable()) files.names.push_back(names[i]);
  }
  return files;
}

/// Parses each file, and lets its text go.
std::vector<ReadFile> parse_files(const std::vector<std::string>& names, const std::string& connection_id,
                                  const MarkedFiles& files, std::vector<SourceBytes>& bytes,
                                  std::size_t workers) {
  std::vector<ReadFile> read(names.size());
  in_parallel(names.size(), workers, [&](std::size_t i) {
    const std::string text = std::exchange(bytes[i].text, {});
    const bool shard = is_shard(names[i], connection_id);
    const auto parse = shard ? parse_shard : parse_source_file;
    read[i] = {names[i], shard,
               bytes[i].readable() ? parse(text, files.names, files.indexes[i])
                                   : unreadable_file(names[i], shard, bytes[i].failure)};
  });
  return read;
}

}  // namespace

SourceTree load_sources(const std::filesystem::path& project_directory, const std::string& connection_id,
                        const cache::Store* store, const Clock& clock, std::size_t workers) {
  const auto names = find_source_files(project_directory, connection_id);
  if (workers == 0) workers = workers_for(names.size());
  const auto begun = store == nullptr ? std::nullopt : std::optional(clock.now);
  auto bytes = read_source_files(project_directory, names, begun, workers);
  MarkedFiles files = marked_files(names, bytes);
  auto read = parse_files(names, connection_id, files, bytes, workers);
  SourceTree tree = compose_sources(std::move(files.names), std::move(read));
  tree.digest = digest_of(names, bytes);
  if (store != nullptr) {
    if (const auto place = IndexPlace::of(*store, project_directory, connection_id)) {
      place->update(place->load(), index_of(names, bytes, clock.start));
    }
  }
  return tree;
}

}  // namespace ktx::project
