#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ktx/app/python_access.hpp"
#include "ktx/app/session.hpp"
#include "ktx/project/diagnostic.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/semantic/plan_cache.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::app {

/// Something wrong with a semantic layer.
struct ListedFinding {
  project::Diagnostic diagnostic;
  std::string connection_id;           ///< empty when it is about no connection
  std::vector<std::string> concerned;  ///< further sources that it is about
};

/// What is wrong with the semantic layer of a project.
struct FindingList {
  std::vector<ListedFinding> findings;   ///< sorted by place
  std::size_t sources = 0;               ///< how many were checked
  std::vector<std::string> connections;  ///< whose they are
  std::string source;                    ///< the one that was asked about; empty when all were

  /// Errors of other sources, when one was asked about: what needs these sources was not judged.
  std::size_t errors_elsewhere = 0;

  std::size_t count(project::Severity severity) const;
};

/// The semantic layer of one connection and what is wrong with it.
class ModelCheck {
 public:
  /// Reads the files; what is wrong with them, and with the connection, is in `findings()` at once. `cache`
  /// may be null, and must outlive this.
  ModelCheck(const project::Project& project, std::string connection_id, const semantic::PlanCache* cache);

  /// Whether the planner can say more: it can unless a file could not be read, for then nobody knows what
  /// is missing. Sources with an error are not sent, and what needs them is not judged.
  bool needs_planner() const;

  /// Adds what the planner found in the same files before. Returns whether that is known.
  bool recall();

  /// Has the planner check the sources, and adds what it finds. Throws what `decode_validation_reply` and the
  /// transport throw.
  void ask(semantic::Transport& planner);

  /// Whether the files speak of a source of this name, well or ill.
  bool knows(const std::string& source) const;

  const std::string& connection_id() const { return connection_id_; }
  const project::SourceTree& tree() const { return tree_; }
  const std::vector<ListedFinding>& findings() const { return findings_; }

 private:
  void choose_dialect(const project::Project& project);
  std::vector<std::string> suspects() const;
  semantic::ModelQuestion question() const;
  void add_findings(const std::string& reply);

  std::string connection_id_;
  const semantic::PlanCache* cache_;
  project::SourceTree tree_;
  std::string dialect_;
  std::set<std::string> broken_;  ///< the sources with an error; the empty name stands for errors of none
  std::vector<ListedFinding> findings_;
};

/// What of a project is to be checked.
struct CheckRequest {
  std::optional<std::string> source;         ///< only what concerns it; every source when absent
  std::optional<std::string> connection_id;  ///< only its sources; those of every connection when absent
};

/// The check of a project's semantic layer, of one connection or of all, of one source or of all.
class ProjectCheck {
 public:
  /// Reads the files. `session` and `project` must outlive this. Throws a `connection` error for a connection
  /// that is not known, and a `model` error for such a source.
  ProjectCheck(Session& session, const project::Project& project, CheckRequest request, PythonNeeds python);
  ProjectCheck(const ProjectCheck&) = delete;
  ProjectCheck& operator=(const ProjectCheck&) = delete;
  ~ProjectCheck() = default;

  /// Has the planner check what the files themselves are not at fault in; to be called once. Python is needed
  /// only where there is such a thing. Throws what `ModelCheck::ask` and `PythonAccess::get` do.
  void ask_planner();

  /// What was found until now, sorted by place.
  FindingList findings() const;

 private:
  const project::Project& project_;
  CheckRequest request_;
  PythonAccess python_;
  std::optional<semantic::PlanCache> cache_;
  std::vector<ModelCheck> checks_;
};

}  // namespace ktx::app
