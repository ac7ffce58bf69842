#pragma once

#include <set>
#include <string>
#include <vector>

#include "ktx/project/project.hpp"
#include "ktx/project/source_tree.hpp"
#include "ktx/semantic/plan_cache.hpp"
#include "ktx/semantic/transport.hpp"
#include "output/finding_list_view.hpp"

namespace ktx::cli {

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

}  // namespace ktx::cli
