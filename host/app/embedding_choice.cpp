#include "ktx/app/embedding_choice.hpp"

#include <utility>

#include "ktx/app/python_access.hpp"
#include "ktx/app/runtime_session.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/util/error.hpp"

namespace ktx::app {
namespace {

bool runtime_has_embeddings(const Environment& environment) {
  try {
    const auto loaded = runtime::load_receipt(runtime_layout(environment));
    return loaded.receipt && runtime::satisfies(loaded.receipt->features, embedding_features(""));
  } catch (const Error&) {
    return false;  // no home for a runtime: then there is none
  }
}

}  // namespace

runtime::Features embedding_features(const std::string& backend) {
  return runtime::normalize({backend == "sentence-transformers" ? runtime::Feature::sentence_transformers
                                                                : runtime::Feature::local_embeddings});
}

EmbeddingChoice choose_embeddings(Session& session, const project::Project& project, PythonNeeds python) {
  EmbeddingChoice choice;
  const auto& backend = project.config.embeddings.backend;
  if (backend == "none") {
    choice.embeddings.skip_reason = search::embedding_unconfigured;
  } else if (backend) {
    choice.embeddings.backend = *backend;
  } else {
    python.install.no_input = !python.install.yes;
    choice.could_be_installed = !runtime_has_embeddings(session.environment);
    if (choice.could_be_installed) choice.embeddings.skip_reason = search::embedding_unconfigured;
  }
  python.features = embedding_features(choice.embeddings.backend);
  choice.embeddings.connect = [&session, python] { return PythonAccess::open(session, python); };
  return choice;
}

}  // namespace ktx::app
