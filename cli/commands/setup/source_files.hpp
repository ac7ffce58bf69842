#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ktx/project/config.hpp"
#include "ktx/semantic/introspection.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// Writes the first sources of the tables, each to a file of its own in the connection's folder, and says
/// what is not in them. A source or a file that is there stays, unless this run has made it: it then goes.
/// Returns how many were written.
std::size_t write_first_sources(SetupSession& session, semantic::Transport& python,
                                const project::Connection& connection,
                                const std::vector<semantic::DatabaseTable>& tables);

/// Takes away the first sources that this run has made for the connection, but for those that somebody has
/// changed since.
void discard_first_sources(SetupSession& session, const std::string& id);

}  // namespace ktx::cli
