#pragma once

#include "setup/session.hpp"

namespace ktx::cli {

/// Writes the language model that the options name to ktx.yaml, its key as a reference. Nothing is asked: no
/// command of this version uses one.
StepEnd run_llm_step(SetupSession& session, Arrival arrival);

/// Chooses what searches by meaning.
StepEnd run_embeddings_step(SetupSession& session, Arrival arrival);

/// What the runtime must have for the embeddings that were chosen.
runtime::Features wanted_features(const project::Config& config);

}  // namespace ktx::cli
