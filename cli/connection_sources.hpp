#pragma once

#include <optional>
#include <string>

#include "context.hpp"
#include "ktx/cache/store.hpp"
#include "ktx/project/project.hpp"
#include "ktx/project/source_tree.hpp"

namespace ktx::cli {

/// The sources of a connection, read when somebody needs more of them than the digest of their files.
class ConnectionSources {
 public:
  /// `store` has the index of unchanged files; null without one. `context` and `project` must outlive this.
  ConnectionSources(const Context& context, const project::Project& project, std::string connection_id,
                    const cache::Store* store);

  /// Reads the files, if that was not done, and says on stderr what is wrong with them. Returns whether the
  /// sources can be asked about. Throws a `model` error when there are none.
  bool read();

  /// What was read. Throws a `model` error when that cannot be asked about.
  const project::SourceTree& tree();

  /// Whether something was found in the files, as far as they were read.
  bool has_findings() const { return tree_ && !tree_->findings.empty(); }

  /// The digest of the files, as they were when they were first looked at. Nothing while no index knows it
  /// and nobody has read them.
  const std::optional<std::string>& digest() const { return digest_; }

  /// Whether everything seen of the files has that one digest: they may be edited while a question is
  /// answered.
  bool is_consistent() const { return digest_ && (!tree_ || tree_->digest == *digest_); }

 private:
  const Context& context_;
  const project::Project& project_;
  std::string connection_id_;
  const cache::Store* store_;
  std::optional<std::string> digest_;
  std::optional<project::SourceTree> tree_;
  bool sound_ = false;
};

}  // namespace ktx::cli
