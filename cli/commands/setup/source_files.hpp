#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ktx/project/config.hpp"
#include "ktx/semantic/introspection.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// Writes first sources for the tables, each to a file in the folder of the connection, and reports what is
/// not in them. Existing sources and files are left alone, except those that this run made: they are removed
/// first. Returns the number of sources written.
std::size_t write_first_sources(SetupSession& session, semantic::Transport& python,
                                const project::Connection& connection,
                                const std::vector<semantic::DatabaseTable>& tables);

/// Removes the first sources that this run made for the connection, except for files that were changed since.
void discard_first_sources(SetupSession& session, const std::string& id);

}  // namespace ktx::cli
