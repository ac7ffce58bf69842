#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ktx/project/findings.hpp"
#include "ktx/project/source.hpp"
#include "source_files.hpp"
#include "source_index.hpp"

namespace ktx::project {

/// A file that changes a source declared elsewhere.
struct Overlay {
  std::string name;
  yaml::Mark mark;
  yaml::Node node;
};

/// What one file declares, checked by itself.
struct ParsedFile {
  FileRole role = FileRole::source;
  bool holds_mapping = false;       ///< if not, it is unknown what the file declares
  std::vector<Source> sources;      ///< a shard's tables, or the one of a source file
  std::vector<yaml::Node> metrics;  ///< those of a file of metrics
  std::optional<Overlay> overlay;
  std::vector<Finding> findings;
};

/// Reports a column that has no type.
void check_type(const yaml::Node& column, Findings& findings);

/// Parses the file `files[index]`; marks carry `index`.
ParsedFile parse_file(const SourceBytes& bytes, FileRole role, const std::vector<std::string>& files,
                      std::size_t index);

}  // namespace ktx::project
