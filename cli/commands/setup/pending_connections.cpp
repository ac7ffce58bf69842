#include "setup/pending_connections.hpp"

#include <algorithm>

#include "ktx/project/source_tree.hpp"

namespace ktx::cli {

std::vector<project::Connection> pending_connections(const SetupSession& session) {
  const SetupOptions& options = session.options();
  if (options.skip_databases) return {};
  const project::Config config = session.config();
  const RunMemory& memory = session.memory();
  const bool told = !options.drivers.empty() || !options.connection_ids.empty();
  const bool looks_at_all = told || !session.is_complete("context");
  const auto with_sources = project::connections_with_sources(session.directory());
  std::vector<project::Connection> pending;
  for (const std::string& id : config.setup.database_connection_ids) {
    const project::Connection* connection = config.find_connection(id);
    if (connection == nullptr) continue;
    // One that has sources has been looked into, or has sources that somebody wrote.
    const bool has_sources = std::ranges::find(with_sources, id) != with_sources.end();
    const bool is_new = memory.added.contains(id) || looks_at_all;
    if (memory.sources.contains(id) || (is_new && !has_sources)) pending.push_back(*connection);
  }
  return pending;
}

}  // namespace ktx::cli
