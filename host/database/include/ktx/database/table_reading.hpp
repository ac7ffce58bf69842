#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ktx/project/config.hpp"
#include "ktx/semantic/introspection.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/util/environment.hpp"

namespace ktx::database {

/// The tables and views of a connection's database, found where `test_connection` and queries go to.
/// `schemas` says where to look; empty means the database's own default. Throws a `connection` error when the
/// settings do not say enough, and as `semantic::introspect`.
semantic::Introspection read_tables(const project::Connection& connection, const Environment& environment,
                                    const std::filesystem::path& project_directory,
                                    const std::vector<std::string>& schemas, semantic::Transport& python);

}  // namespace ktx::database
