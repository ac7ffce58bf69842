#include "embedding_choice.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "ktx/project/yaml_document.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/runtime/receipt.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/filesystem.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

std::string text_at(const project::YamlNode& root, std::initializer_list<const char*> path) {
  const project::YamlNode* node = &root;
  for (const char* key : path) {
    if (node != nullptr) node = node->find_value(key);
  }
  return node == nullptr ? "" : node->text;
}

/// The backend that ktx.yaml asks for: "none", "onnx" or "sentence-transformers", "default" where an older
/// project asks for local embeddings, nothing where it says nothing.
std::optional<std::string> configured_backend(const project::Project& project) {
  const auto document = project::parse_yaml(read_file(project.directory / "ktx.yaml"));
  const auto* root = std::get_if<project::YamlNode>(&document);
  if (root == nullptr) return std::nullopt;
  if (auto backend = text_at(*root, {"embeddings", "backend"}); !backend.empty()) return backend;
  if (text_at(*root, {"ingest", "embeddings", "backend"}) == "sentence-transformers") return "default";
  return std::nullopt;
}

bool runtime_has_embeddings(const Context& context) {
  try {
    const auto loaded = runtime::load_receipt(runtime::make_layout(context.environment, version));
    return loaded.receipt && runtime::satisfies(loaded.receipt->features, embedding_features(""));
  } catch (const Error&) {
    return false;  // no home for a runtime: then there is none
  }
}

}  // namespace

runtime::Features embedding_features(const std::string& /*backend*/) {
  return {runtime::Feature::core, runtime::Feature::local_embeddings};
}

EmbeddingChoice choose_embeddings(const Context& context, const project::Project& project,
                                  const PythonOptions& python, const EmbeddingsFactory& connect) {
  EmbeddingChoice choice;
  PythonOptions policy = python;
  const auto backend = configured_backend(project);
  if (backend == "none") {
    choice.embeddings.skip_reason = search::embedding_unconfigured;
  } else if (backend == "onnx" || backend == "sentence-transformers") {
    choice.embeddings.backend = *backend;
  } else if (!backend) {
    policy.install.no_input = !policy.install.yes;
    choice.could_be_installed = !runtime_has_embeddings(context);
    if (choice.could_be_installed) choice.embeddings.skip_reason = search::embedding_unconfigured;
  } else if (backend != "default") {
    choice.embeddings.skip_reason = "embedding_unhealthy:embeddings.backend in ktx.yaml cannot be \"" +
                                    *backend + "\" (use none, onnx or sentence-transformers)";
  }
  choice.embeddings.connect = [policy, connect, name = choice.embeddings.backend] {
    return connect(policy, name);
  };
  return choice;
}

}  // namespace ktx::cli
