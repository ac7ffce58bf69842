#include "ktx/project/source_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "ktx/project/config.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "ktx/util/in_parallel.hpp"
#include "ktx/util/spans.hpp"
#include "source_composition.hpp"
#include "source_files.hpp"
#include "source_index.hpp"
#include "source_loading.hpp"
#include "source_parsing.hpp"

// Loading a source tree, and its digest without reading unchanged files.

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
    return std::nullopt;  // loading the tree will report what is wrong
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
    // A link to a folder counts as one here.
    if (entry.is_directory() && is_connection_id(name)) ids.push_back(std::move(name));
  }
  std::ranges::sort(ids);
  return ids;
}

namespace {

// What each file holds and declares.
struct LoadedFiles {
  std::vector<SourceBytes> bytes;  ///< without their texts
  std::vector<ParsedFile> parsed;
};

// Does everything that concerns one file alone, in threads. A thread frees a file's text before it takes the
// next.
LoadedFiles load_files(const std::filesystem::path& project_directory, const std::string& connection_id,
                       const std::vector<std::string>& names, const std::optional<Moment>& begun,
                       std::size_t workers) {
  LoadedFiles files{std::vector<SourceBytes>(names.size()), std::vector<ParsedFile>(names.size())};
  const ScopedSpan span("read and parse files");
  in_parallel(names.size(), workers, [&](std::size_t i) {
    SourceBytes bytes = read_source_file(project_directory, names[i], begun);
    files.parsed[i] = parse_file(bytes, role_of(names[i], connection_id), names, i);
    // Freed here: the texts of a thousand files at once would be the process's peak of memory.
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

namespace {

// A file as it is now; no stamp unless it is a regular file.
struct FoundFile {
  std::string name;
  std::size_t folder = 0;  // which of the open folders it is in
  std::optional<FileStamp> stamp;
};

// Looks at files in threads: to ask for a thousand stamps takes longer than to find the names. A folder stays
// open until its files were looked at, so that the system does not walk the whole path for each.
class Stamping {
 public:
  void add(int folder, const char* name, const std::string& path) {
    if (folders_.empty() || path != path_) {
      if (folders_.size() == most_open) look();
      path_ = path;
      folders_.emplace_back(::fcntl(folder, F_DUPFD_CLOEXEC, 0));
    }
    files_.push_back({path + name, folders_.size() - 1, std::nullopt});
  }

  std::vector<FoundFile> take() && {
    look();
    return std::move(files_);
  }

 private:
  static constexpr std::size_t most_open = 64;

  void look() {
    const std::size_t count = files_.size() - looked_at_;
    in_parallel(count, workers_for(count), [&](std::size_t i) {
      FoundFile& file = files_[looked_at_ + i];
      const char* name = file.name.c_str() + file.name.rfind('/') + 1;
      struct stat status {};
      if (::fstatat(folders_[file.folder].value(), name, &status, 0) != 0) return;
      if (S_ISREG(status.st_mode)) file.stamp = stamp_of(status);
    });
    looked_at_ = files_.size();
    folders_.clear();
  }

  std::vector<FoundFile> files_;
  std::vector<FileDescriptor> folders_;
  std::string path_;  // of the last of the folders
  std::size_t looked_at_ = 0;
};

// All source files, in reading order.
std::vector<FoundFile> find_with_stamps(const std::filesystem::path& project_directory,
                                        const std::string& connection_id) {
  Stamping stamping;
  visit_source_files(
      project_directory, connection_id,
      [&](int folder, const char* name, const std::string& path) { stamping.add(folder, name, path); });
  std::vector<FoundFile> files = std::move(stamping).take();
  in_reading_order(files, connection_id, &FoundFile::name);
  return files;
}

struct Contents {
  std::vector<SourceBytes> files;  // without their texts
  bool all_known = false;          // the files are those of the index
};

// The files' hashes. Files that `index` vouches for are not read. std::nullopt if one cannot be read.
std::optional<Contents> contents_of(const std::filesystem::path& project_directory,
                                    const std::vector<FoundFile>& files, const SourceIndex& index,
                                    const Moment& now) {
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
  return Contents{std::move(contents), unknown.empty() && files.size() == index.files.size()};
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
  // By another clock the stamps prove nothing, so every file is read and a new index begins.
  const SourceIndex nothing{clock.start, {}};
  const SourceIndex& index = same_clock(loaded->clock_start, clock.start) ? *loaded : nothing;
  const auto files = find_with_stamps(project_directory, connection_id);
  const auto contents = contents_of(project_directory, files, index, clock.now);
  if (!contents) return std::nullopt;
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const FoundFile& file : files) names.push_back(file.name);
  // With the clock start of the old index: a clock that is moved in small steps must not pass unnoticed.
  if (!contents->all_known) place->update(loaded, index_of(names, contents->files, index.clock_start));
  return digest_of(names, contents->files);
}

}  // namespace ktx::project
