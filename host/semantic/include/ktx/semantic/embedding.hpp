#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/transport.hpp"

namespace ktx::semantic {

/// The operations that turn texts into vectors, and say by which model.
inline constexpr std::string_view embed_operation = "embedding-compute-bulk";
inline constexpr std::string_view embedding_info_operation = "embedding-info";

/// How many texts one call takes.
inline constexpr std::size_t most_embedded_texts = 100;

/// Identifies the model that made a vector. Only vectors of equal models can be compared.
struct EmbeddingModel {
  std::string backend;   ///< "onnx"
  std::string model;     ///< "all-MiniLM-L6-v2"
  std::string checksum;  ///< of the model's file
  std::size_t dimensions = 0;

  bool operator==(const EmbeddingModel&) const = default;
};

/// The model of `backend` ("onnx", "sentence-transformers"; empty is the default). Throws the reply's error,
/// and an `internal` error if a member is missing or ill-typed.
EmbeddingModel embedding_model(Transport& transport, const std::string& backend);

/// One vector for each text, each of length `dimensions`. Takes 1 to `most_embedded_texts` texts, none of
/// them blank. Throws as `embedding_model` does, and if the reply has other vectors.
std::vector<std::vector<float>> embed(Transport& transport, const std::string& backend,
                                      const std::vector<std::string>& texts, std::size_t dimensions);

}  // namespace ktx::semantic
