#pragma once

#include <vector>

#include "ktx/project/config.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// The project's databases that this run looks into: those that have no sources yet, and those whose sources
/// it has made itself and may make anew.
std::vector<project::Connection> pending_connections(const SetupSession& session);

}  // namespace ktx::cli
