#pragma once

#include <filesystem>

#include "ktx/project/config.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/json.hpp"

namespace ktx::database {

/// The members that every request about a connection has: its id, its driver, its settings with the values of
/// secrets in the place of references to them, and the project's folder. Throws a `connection` error, which
/// names the setting, when a variable or a file is missing.
Json connection_request(const project::Connection& connection, const Environment& environment,
                        const std::filesystem::path& project_directory);

}  // namespace ktx::database
