#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ktx/app/python_access.hpp"
#include "ktx/app/session.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/semantic/plan_cache.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/util/finding.hpp"

namespace ktx::app {

/// One problem in a semantic layer.
struct ListedFinding {
  Finding finding;
  std::string connection_id;  ///< empty if it concerns no connection
};

/// The problems in the semantic layer of a project.
struct FindingList {
  std::vector<ListedFinding> findings;   ///< sorted by file, line and column
  std::size_t sources = 0;               ///< the number of sources that were checked
  std::vector<std::string> connections;  ///< the connections that they belong to
  std::string source;                    ///< the only source asked about; empty if all were

  /// The number of errors in other sources, if only one was asked about. What depends on those sources was
  /// not checked.
  std::size_t errors_elsewhere = 0;

  std::size_t count(Severity severity) const;
};

/// Checks the semantic layer of one connection.
class ModelCheck {
 public:
  /// Reads the files. Problems in them, and in the connection, are in `findings()` from then on. `cache` may
  /// be null, and must outlive this.
  ModelCheck(const project::Project& project, std::string connection_id, const semantic::PlanCache* cache);

  /// Checks sources that are not in the files as they are here, such as those of a file before it is written.
  ModelCheck(const project::Project& project, std::string connection_id, project::SourceTree tree);

  /// Whether the planner could find more. It is not asked if a file could not be read, because it would
  /// report everything in that file as missing. Sources with an error are left out of the question, and what
  /// depends on them is not checked.
  bool needs_planner() const;

  /// Adds the findings that the planner once made in the same files. Returns false if none are cached.
  bool recall();

  /// Asks the planner to check the sources, and adds its findings. Throws what `decode_validation_reply` and
  /// the transport throw.
  void ask(semantic::Transport& planner);

  /// Checks the rows of the sound sources, or of one of them, and adds what is wrong with them. Throws what
  /// the planner and `DataCheckRun` throw, and a `connection` error if the connection is not in ktx.yaml.
  void ask_data(Session& session, const project::Project& project, PythonAccess& python,
                const std::optional<std::string>& source);

  /// Whether the files define a source of this name, valid or not.
  bool knows(const std::string& source) const;

  const std::string& connection_id() const { return connection_id_; }
  const project::SourceTree& tree() const { return tree_; }
  const std::vector<ListedFinding>& findings() const { return findings_; }

 private:
  void take_findings();
  void read_connection(const project::Project& project);
  std::vector<std::string> suspects() const;
  semantic::ModelQuestion question() const;
  void add_findings(const std::string& reply);
  void add(Finding finding);

  std::string connection_id_;
  const semantic::PlanCache* cache_;
  project::SourceTree tree_;
  std::string dialect_;
  Json calendar_ = nullptr;
  std::optional<yaml::Mark> time_spine_;  ///< where ktx.yaml says which source has the periods
  std::set<std::string> broken_;          ///< the sources with an error; "" if an error belongs to no source
  std::vector<ListedFinding> findings_;
};

/// Which part of a project to check.
struct CheckRequest {
  std::optional<std::string> source;         ///< only what concerns this source; all if absent
  std::optional<std::string> connection_id;  ///< only its sources; all connections if absent
  bool data = false;                         ///< the rows too
};

/// Checks the semantic layer of a project: one connection or all, one source or all.
class ProjectCheck {
 public:
  /// Reads the files. `session` and `project` must outlive this. Throws a `connection` error if the
  /// connection is not known, and a `model` error if the source is not.
  ProjectCheck(Session& session, const project::Project& project, CheckRequest request, PythonNeeds python);
  ProjectCheck(const ProjectCheck&) = delete;
  ProjectCheck& operator=(const ProjectCheck&) = delete;
  ~ProjectCheck() = default;

  /// Asks the planner about the connections whose files allow it. Call it once. Python is loaded only if
  /// there is something to ask. Throws what `ModelCheck::ask` and `PythonAccess::get` do.
  void ask_planner();

  /// Asks the databases of these connections whether the rows are as the model declares them. Call it after
  /// `ask_planner`. Throws what `ModelCheck::ask_data` does.
  void ask_data();

  /// All findings so far, sorted by place.
  FindingList findings() const;

 private:
  const project::Project& project_;
  CheckRequest request_;
  Session& session_;
  PythonAccess python_;
  std::optional<semantic::PlanCache> cache_;
  std::vector<ModelCheck> checks_;
};

}  // namespace ktx::app
