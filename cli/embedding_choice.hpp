#pragma once

#include <functional>
#include <memory>
#include <string>

#include "context.hpp"
#include "daemon_options.hpp"
#include "ktx/project/project.hpp"
#include "ktx/runtime/feature.hpp"
#include "ktx/search/search.hpp"
#include "ktx/semantic/transport.hpp"

namespace ktx::cli {

/// Gives the way to the embeddings that `backend` makes ("onnx", "sentence-transformers", empty for the
/// default one); called once, when a vector is needed.
using EmbeddingsFactory = std::function<std::unique_ptr<semantic::Transport>(const PythonOptions& options,
                                                                             const std::string& backend)>;

/// What the runtime must have for a backend.
runtime::Features embedding_features(const std::string& backend);

/// Whether and how a search uses embeddings.
struct EmbeddingChoice {
  search::Embeddings embeddings;
  bool could_be_installed = false;  ///< nothing says that they are not wanted; only the feature is missing
};

/// As ktx.yaml says, by `embeddings.backend` or by an older project's `ingest.embeddings.backend`. Where it
/// says nothing, embeddings are used when the runtime has them; then nothing is ever installed for them
/// without --yes, and nobody is asked. Starts no Python by itself.
EmbeddingChoice choose_embeddings(const Context& context, const project::Project& project,
                                  const PythonOptions& python, const EmbeddingsFactory& connect);

}  // namespace ktx::cli
