#pragma once

#include <filesystem>
#include <string>

#include "ktx/util/environment.hpp"

namespace ktx::project {

/// The value that a setting stands for: `env:NAME` is that variable's value, `file:/path` the text of
/// that file without surrounding white space (a relative path counts from `project_directory`), and
/// anything else is itself. `what` names the setting in errors: "connections.warehouse.url".
///
/// Throws a `connection` error when the variable is unset or empty, or the file cannot be read; a
/// message never shows the value.
std::string resolve_secret(const std::string& reference, const std::string& what,
                           const Environment& environment, const std::filesystem::path& project_directory);

}  // namespace ktx::project
