#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "index.hpp"
#include "ktx/semantic/embedding.hpp"

namespace ktx::search {

/// Turns texts into vectors, each text once. Throws `ktx::Error` if there are no vectors.
class Embedder {
 public:
  /// Asks at once which model it is.
  Embedder(std::unique_ptr<semantic::Transport> transport, std::string backend);

  const semantic::EmbeddingModel& model() const { return model_; }

  /// One vector a text, in order; at most `semantic::most_embedded_texts` of them, none blank.
  std::vector<std::vector<float>> embed(const std::vector<std::string>& texts);

 private:
  std::unique_ptr<semantic::Transport> transport_;
  std::string backend_;
  semantic::EmbeddingModel model_;
  std::map<std::string, std::vector<float>> known_;
};

/// Embeds the sources that have no vector of this model for their text, and commits after each hundred: a
/// search that is interrupted has not worked in vain. Returns how many there were.
std::size_t update_vectors(Index& index, const std::optional<std::string>& only, Embedder& embedder);

/// A vector as the bytes that the index keeps: little-endian float32.
std::string to_bytes(const std::vector<float>& vector);
std::vector<float> vector_of(std::string_view bytes);

/// Between -1 and 1; 0 when a vector is zero or they differ in length.
double cosine(const std::vector<float>& left, const std::vector<float>& right);

}  // namespace ktx::search
