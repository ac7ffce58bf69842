#pragma once

#include "commands/sl_query.hpp"
#include "context.hpp"
#include "ktx/project/project.hpp"
#include "ktx/runtime/feature.hpp"
#include "ktx/search/search.hpp"

namespace ktx::cli {

/// What the runtime must have for embeddings.
inline const runtime::Features embedding_features = {runtime::Feature::core,
                                                     runtime::Feature::local_embeddings};

/// Whether and how a search uses embeddings.
struct EmbeddingChoice {
  search::Embeddings embeddings;
  bool could_be_installed = false;  ///< nothing says that they are not wanted; only the feature is missing
};

/// As ktx.yaml says, by `embeddings.backend` or by an older project's `ingest.embeddings.backend`. Where it
/// says nothing, embeddings are used when the runtime has them; then nothing is ever installed for them
/// without --yes, and nobody is asked. Starts no Python by itself.
EmbeddingChoice choose_embeddings(const Context& context, const project::Project& project,
                                  const InstallPolicyOptions& install, const TransportFactory& connect);

}  // namespace ktx::cli
