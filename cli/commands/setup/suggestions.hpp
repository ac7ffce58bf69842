#pragma once

#include <string>

#include "context.hpp"
#include "ktx/project/project.hpp"

namespace ktx::cli {

/// What to try next in the project, as commands that work when they are typed in the folder in which ktx was
/// started; the install of the runtime is the first when it is missing.
std::string suggestions(const Context& context, const project::Project& project);

/// `cd <folder>` as a line of its own, and nothing when that is the working directory.
std::string change_to(const Context& context, const std::filesystem::path& folder);

}  // namespace ktx::cli
