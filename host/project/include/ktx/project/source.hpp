#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/util/finding.hpp"
#include "ktx/util/json.hpp"
#include "ktx/yaml/node.hpp"

namespace ktx::project {

/// What stands for a source where metrics are meant: they belong to none.
inline constexpr const char* metrics_source = "metrics";

/// One composed source: manifest entry or file, with its overlays applied. The metrics of all files below
/// `_metrics/` are one too, which is called `metrics_source` and has nothing but `measures`.
struct Source {
  std::string name;
  yaml::Mark mark;        ///< of the name
  yaml::Node definition;  ///< in the shape that the planner takes; each value keeps the place it came from

  bool has_rows() const;                           ///< not so the metrics
  std::size_t count(std::string_view list) const;  ///< of `columns`, `measures`, `joins`; 0 when absent
  std::string description() const;                 ///< the one to show; may be empty
};

/// The description of a source or a column to show: its `description`, else the first of its `descriptions`
/// in the order user, ai, dbt, db, then any; may be empty. The `label` of a measure stands before it.
std::string description_of(const yaml::Node& node);

/// The semantic layer of one connection: every YAML file below `semantic-layer/<connection>/`, composed
/// and checked.
struct SourceTree {
  std::vector<std::string> files;  ///< what `Mark::file` indexes; relative to the project, with '/'
  std::vector<Source> sources;     ///< sorted by name; the metrics are among them
  std::vector<Finding> findings;   ///< sorted by place; each names its source, unless it is about none
  std::set<std::string> unread;    ///< the files that hold nothing readable; their sources are missing

  /// How many of the sources have rows.
  std::size_t count() const;

  /// Hexadecimal SHA-256 of everything that the tree follows from: each file's name, relative to the project,
  /// and the bytes that were parsed, or why it could not be read. Equal digests mean equal trees.
  std::string digest = {};

  /// The sources as one JSON array, the `sources` of a semantic-query request, without those named in
  /// `except`. Only meaningful for sources without an error in `findings`.
  std::string sources_json(const std::set<std::string>& except = {}) const;

  /// Where a value of a source was written. `path` leads to it from the source, as in ["joins", 0, "on"]; if
  /// the path leads nowhere, the last value that it reaches counts. std::nullopt if there is no such source.
  std::optional<Place> place(std::string_view source, const Json& path) const;
};

}  // namespace ktx::project
