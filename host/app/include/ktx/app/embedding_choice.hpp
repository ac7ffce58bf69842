#pragma once

#include <string>

#include "ktx/app/session.hpp"
#include "ktx/project/project.hpp"
#include "ktx/runtime/feature.hpp"
#include "ktx/search/search.hpp"

namespace ktx::app {

/// What the runtime must have for a backend.
runtime::Features embedding_features(const std::string& backend);

/// Whether and how a search uses embeddings.
struct EmbeddingChoice {
  search::Embeddings embeddings;
  bool could_be_installed = false;  ///< nothing says that they are not wanted; only the feature is missing
};

/// As ktx.yaml says, by `embeddings.backend` or by an older project's `ingest.embeddings.backend`. Where it
/// says nothing, embeddings are used when the runtime has them; then nothing is ever installed for them
/// unless that was agreed to before, and nobody is asked. Starts no Python by itself. `session` must outlive
/// it.
EmbeddingChoice choose_embeddings(Session& session, const project::Project& project, PythonNeeds python);

}  // namespace ktx::app
