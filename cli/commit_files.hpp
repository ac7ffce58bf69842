#pragma once

#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/project/project.hpp"

namespace ktx::cli {

/// Commits the files, which were just written, as ktx.yaml says; `paths` are relative to the project. Why
/// nothing was committed goes to stderr in one line, and is no error: the files are there.
void commit_files(const Context& context, const project::Project& project,
                  const std::vector<std::string>& paths, const std::string& message);

}  // namespace ktx::cli
