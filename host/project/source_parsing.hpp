#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/project/source_tree.hpp"

namespace ktx::project {

/// A file that changes a source declared elsewhere.
struct Overlay {
  std::string name;
  Mark mark;
  YamlNode node;
};

/// What one file declares, judged by itself.
struct ParsedFile {
  std::vector<Source> sources;  ///< a shard's tables, or the one of a source file
  std::optional<Overlay> overlay;
  std::vector<Diagnostic> findings;
  bool holds_mapping = false;  ///< otherwise what it should declare is not known
};

/// Parses `text`, the file `files[index]`; marks carry `index`.
ParsedFile parse_shard(std::string_view text, const std::vector<std::string>& files, std::uint32_t index);
ParsedFile parse_source_file(std::string_view text, const std::vector<std::string>& files,
                             std::uint32_t index);

/// What is known of a file that could not be read, but for the reason `failure`.
ParsedFile unreadable_file(const std::string& file, bool is_shard, const std::string& failure);

}  // namespace ktx::project
