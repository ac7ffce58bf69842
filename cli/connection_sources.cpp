#include "connection_sources.hpp"

#include <utility>

#include "ktx/util/error.hpp"
#include "open_project.hpp"

namespace ktx::cli {

ConnectionSources::ConnectionSources(const Context& context, const project::Project& project,
                                     std::string connection_id, const cache::Store* store)
    : context_(context),
      project_(project),
      connection_id_(std::move(connection_id)),
      store_(store),
      digest_(project::source_tree_digest(project.directory, connection_id_, store)) {}

bool ConnectionSources::read() {
  if (tree_) return sound_;
  tree_ = project::load_source_tree(project_.directory, connection_id_, store_);
  if (!digest_) digest_ = tree_->digest;
  sound_ = report_findings(context_.terminal, tree_->findings);
  if (sound_ && tree_->sources.empty()) {
    throw Error(ErrorKind::model, "The connection " + connection_id_ + " has no semantic-layer sources",
                "Write one to semantic-layer/" + connection_id_ + "/<source>.yaml");
  }
  return sound_;
}

const project::SourceTree& ConnectionSources::tree() {
  if (read()) return *tree_;
  throw Error(ErrorKind::model,
              "The sources of the connection " + connection_id_ + " were changed while they were in use",
              "Correct what is named above, and run the command again");
}

}  // namespace ktx::cli
