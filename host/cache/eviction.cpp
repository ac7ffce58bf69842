#include "eviction.hpp"

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <tuple>
#include <vector>

#include "entry.hpp"
#include "folder.hpp"

namespace ktx::cache {
namespace {

constexpr std::time_t abandoned_seconds = 3600;

bool is_abandoned(const File& file, std::time_t now) {
  return is_temporary_name(file.name) && file.modified.tv_sec < now - abandoned_seconds;
}

/// A quarter more than needed, so that a full folder is not tidied at each new entry.
bool is_roomy(const Kind& kind, std::size_t entries, std::uint64_t bytes) {
  return entries <= kind.entries - kind.entries / 4 && bytes <= kind.bytes - kind.bytes / 4;
}

}  // namespace

void evict(const Kind& kind, const FileDescriptor& folder) {
  std::vector<File> entries;
  std::uint64_t bytes = 0;
  const std::time_t now = std::time(nullptr);
  for (File& file : files_in(folder)) {
    if (is_abandoned(file, now)) ::unlinkat(folder.value(), file.name.c_str(), 0);
    if (!is_entry_name(file.name)) continue;
    bytes += file.bytes;
    entries.push_back(std::move(file));
  }
  if (entries.size() <= kind.entries && bytes <= kind.bytes) return;
  std::ranges::sort(entries, {},
                    [](const File& file) { return std::tuple(file.modified.tv_sec, file.modified.tv_nsec); });
  std::size_t left = entries.size();
  for (const File& file : entries) {
    if (is_roomy(kind, left, bytes)) return;
    ::unlinkat(folder.value(), file.name.c_str(), 0);
    --left;
    bytes -= file.bytes;
  }
}

}  // namespace ktx::cache
