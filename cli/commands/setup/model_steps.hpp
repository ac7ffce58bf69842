#pragma once

#include <string>

#include "context.hpp"
#include "ktx/project/project.hpp"
#include "setup/session.hpp"

namespace ktx::cli {

/// Writes the language model that the options name to ktx.yaml, with its key as a reference. Asks nothing: no
/// command of this version uses one.
StepEnd run_llm_step(SetupSession& session, Arrival arrival);

/// Chooses the embeddings for search by meaning.
StepEnd run_embeddings_step(SetupSession& session, Arrival arrival);

/// The features that the runtime needs for the chosen embeddings.
runtime::Features wanted_features(const project::Config& config);

/// Reads the tables of the databases, and writes a first source for each. Existing files and sources are left
/// alone. If the Python runtime is missing and may not be installed, this is left for later.
StepEnd run_context_step(SetupSession& session, Arrival arrival);

/// Commands to try next. They work when typed in the folder where ktx was started; installing the runtime
/// comes first if it is missing.
std::string suggestions(const Context& context, const project::Project& project);

/// A command line to copy, indented, on a line of its own.
std::string line_to_copy(const std::vector<std::string>& words);

/// `cd <folder>` as a line to copy; empty if that is the working directory.
std::string change_to(const Context& context, const std::filesystem::path& folder);

}  // namespace ktx::cli
