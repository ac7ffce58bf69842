#pragma once

#include <string>

#include "context.hpp"
#include "ktx/project/project.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// Writes the language model that the options name to ktx.yaml, its key as a reference. Nothing is asked: no
/// command of this version uses one.
StepEnd run_llm_step(SetupSession& session, Arrival arrival);

/// Chooses what searches by meaning.
StepEnd run_embeddings_step(SetupSession& session, Arrival arrival);

/// What the runtime must have for the embeddings that were chosen.
runtime::Features wanted_features(const project::Config& config);

/// Looks into the databases, and writes a first source for each of their tables. A file or a source that is
/// there stays as it is. Without the Python runtime, where nobody agrees to install it, this is left for
/// later.
StepEnd run_context_step(SetupSession& session, Arrival arrival);

/// What to try next in the project, as commands that work when they are typed in the folder in which ktx was
/// started; the install of the runtime is the first when it is missing.
std::string suggestions(const Context& context, const project::Project& project);

/// A command line to copy, indented, on a line of its own.
std::string line_to_copy(const std::vector<std::string>& words);

/// `cd <folder>` as a line of its own, and nothing when that is the working directory.
std::string change_to(const Context& context, const std::filesystem::path& folder);

}  // namespace ktx::cli
