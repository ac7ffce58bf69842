#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "completion/candidate.hpp"
#include "context.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/source_tree.hpp"

namespace ktx::cli {

/// The names that the project at hand knows, read when they are asked for, without Python. What cannot be
/// read has no names: a completion never fails and says nothing.
class ProjectNames {
 public:
  /// `directory` is the --project-dir, and `connection` the --connection-id, that stand on the line.
  ProjectNames(const Environment& environment, std::optional<std::string> directory,
               std::optional<std::string> connection);

  Candidates connections() const;
  Candidates sources() const;
  Candidates measures() const;  ///< "orders.revenue"
  Candidates segments() const;
  Candidates columns() const;       ///< "orders.status", without hidden ones
  Candidates time_columns() const;  ///< those that have granularities
  Candidates wiki_keys() const;

 private:
  const std::vector<project::Source>& read_sources() const;
  Candidates members(const char* list, bool (*wanted)(const yaml::Node&)) const;

  std::optional<project::Project> project_;
  std::optional<std::string> connection_;
  mutable std::optional<std::vector<project::Source>> sources_;
};

}  // namespace ktx::cli
