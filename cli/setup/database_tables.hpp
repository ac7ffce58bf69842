#pragma once

#include <vector>

#include "ktx/project/config.hpp"
#include "ktx/semantic/introspection.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// The tables of the connection's database that sources are made for: those that are picked, else all of the
/// schemas that ktx.yaml or the options name. Nothing when the user goes back. Throws a `connection` error
/// when the address cannot be resolved, and a `database` error when the database cannot be read or has no
/// tables there.
Answer<std::vector<semantic::DatabaseTable>> choose_tables(SetupSession& session, semantic::Transport& python,
                                                           const project::Connection& connection);

}  // namespace ktx::cli
