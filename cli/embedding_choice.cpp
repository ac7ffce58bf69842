#include "embedding_choice.hpp"

#include <string>
#include <utility>

#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/util/error.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

bool runtime_has_embeddings(const Context& context) {
  try {
    const auto loaded = runtime::load_receipt(runtime::make_layout(context.environment, version));
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

EmbeddingChoice choose_embeddings(const Context& context, const project::Project& project,
                                  const PythonOptions& python, const EmbeddingsFactory& connect) {
  EmbeddingChoice choice;
  PythonOptions policy = python;
  const auto& backend = project.config.embeddings.backend;
  if (backend == "none") {
    choice.embeddings.skip_reason = search::embedding_unconfigured;
  } else if (backend) {
    choice.embeddings.backend = *backend;
  } else {
    policy.install.no_input = !policy.install.yes;
    choice.could_be_installed = !runtime_has_embeddings(context);
    if (choice.could_be_installed) choice.embeddings.skip_reason = search::embedding_unconfigured;
  }
  choice.embeddings.connect = [policy, connect, name = choice.embeddings.backend] {
    return connect(policy, name);
  };
  return choice;
}

}  // namespace ktx::cli
