// The digest of a source tree whose files need not all be read.

#include <algorithm>
#include <utility>
#include <vector>

#include "ktx/util/error.hpp"
#include "ktx/util/in_parallel.hpp"
#include "ktx/util/spans.hpp"
#include "source_bytes.hpp"
#include "source_files.hpp"
#include "source_index.hpp"
#include "source_loading.hpp"

namespace ktx::project {
namespace {

/// A file as it is now; no stamp when it is no regular file.
struct FoundFile {
  std::string name;
  std::optional<FileStamp> stamp;
};

/// All that there are, in the order of reading.
std::vector<FoundFile> find_with_stamps(const std::filesystem::path& project_directory,
                                        const std::string& connection_id) {
  std::vector<FoundFile> files;
  visit_source_files(
      project_directory, connection_id, [&](int folder, const char* name, const std::string& path) {
        struct stat status {};
        const bool is_file = ::fstatat(folder, name, &status, 0) == 0 && S_ISREG(status.st_mode);
        files.push_back({path + name, is_file ? std::optional(stamp_of(status)) : std::nullopt});
      });
  in_reading_order(files, connection_id, &FoundFile::name);
  return files;
}

/// What the files hold: those that `index` vouches for are not read and have no text. Nothing when one cannot
/// be read.
std::optional<std::vector<SourceBytes>> contents(const std::filesystem::path& project_directory,
                                                 const std::vector<FoundFile>& files,
                                                 const SourceIndex& index, const Moment& now) {
  std::vector<SourceBytes> contents(files.size());
  std::vector<std::size_t> unknown;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!files[i].stamp) return std::nullopt;
    if (const IndexedFile* known = index.find(files[i].name, *files[i].stamp)) {
      contents[i].hash = known->hash;
      contents[i].stamp = known->stamp;
    } else {
      unknown.push_back(i);
    }
  }
  in_parallel(unknown.size(), workers_for(unknown.size()), [&](std::size_t i) {
    const std::size_t place = unknown[i];
    contents[place] = read_source_file(project_directory, files[place].name, now);
  });
  if (!std::ranges::all_of(contents, &SourceBytes::readable)) return std::nullopt;
  return contents;
}

}  // namespace

std::optional<std::string> digest_by_index(const std::filesystem::path& project_directory,
                                           const std::string& connection_id, const cache::Store& store,
                                           const Clock& clock) {
  const ScopedSpan span("look for changed files");
  const auto place = IndexPlace::of(store, project_directory, connection_id);
  if (!place) return std::nullopt;
  const auto loaded = place->load();
  if (!loaded) return std::nullopt;
  const SourceIndex nothing{clock.start, {}};
  const SourceIndex& index = same_clock(loaded->clock_start, clock.start) ? *loaded : nothing;
  const auto files = find_with_stamps(project_directory, connection_id);
  const auto bytes = contents(project_directory, files, index, clock.now);
  if (!bytes) return std::nullopt;
  std::vector<std::string> names;
  for (const FoundFile& file : files) names.push_back(file.name);
  // By the clock that the index began with: a clock that creeps must not do so unseen, step by step.
  place->update(loaded, index_of(names, *bytes, index.clock_start));
  return digest_of(names, *bytes);
}

}  // namespace ktx::project
