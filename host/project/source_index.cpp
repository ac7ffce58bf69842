#include "source_index.hpp"

#include <algorithm>

namespace ktx::project {

const IndexedFile* SourceIndex::find(const std::string& name, const FileStamp& stamp) const {
  const auto found = std::ranges::lower_bound(files, name, {}, &IndexedFile::name);
  return found != files.end() && found->name == name && found->stamp == stamp ? &*found : nullptr;
}

bool SourceIndex::agrees_with(const SourceIndex& other) const {
  return same_clock(clock_start, other.clock_start) && files == other.files;
}

SourceIndex index_of(const std::vector<std::string>& names, const std::vector<SourceBytes>& files,
                     std::int64_t clock_start) {
  SourceIndex index{clock_start, {}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (files[i].readable() && files[i].stamp) {
      index.files.push_back({names[i], *files[i].stamp, files[i].hash});
    }
  }
  std::ranges::sort(index.files, {}, &IndexedFile::name);
  return index;
}

std::optional<IndexPlace> IndexPlace::of(const cache::Store& store,
                                         const std::filesystem::path& project_directory,
                                         const std::string& connection_id) {
  std::error_code failure;
  const std::string folder = std::filesystem::canonical(project_directory, failure).string();
  if (failure) return std::nullopt;
  return IndexPlace(store, hex(sha256(std::to_string(folder.size()) + ":" + folder + connection_id)));
}

std::optional<SourceIndex> IndexPlace::load() const {
  const auto bytes = store_->get(cache::source_index, key_);
  return bytes ? decode_source_index(*bytes) : std::nullopt;
}

void IndexPlace::update(const std::optional<SourceIndex>& loaded, const SourceIndex& index) const {
  if (loaded && loaded->agrees_with(index)) return;
  store_->put(cache::source_index, key_, encode(index));
}

}  // namespace ktx::project
