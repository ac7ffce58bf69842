#include "embedder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <span>
#include <utility>

namespace ktx::search {
namespace {

static_assert(std::endian::native == std::endian::little, "the index keeps little-endian numbers");

// A source without a vector.
struct BareSource {
  std::int64_t id;
  std::string text;
  std::string text_hash;
};

std::vector<BareSource> bare_sources(Index& index, const std::optional<std::string>& only,
                                     const semantic::EmbeddingModel& model) {
  SqliteStatement rows = index.database().prepare(
      "SELECT id, meaning, text_hash FROM local_sl_sources WHERE " + std::string(in_scope) +
      " AND "
      "(embedding IS NULL OR embedding_backend <> ?2 OR embedding_checksum <> ?3 OR "
      "embedding_dimensions <> ?4) ORDER BY connection_id, name");
  rows.bind(1, only.value_or("")).bind(2, model.backend).bind(3, model.checksum);
  rows.bind(4, static_cast<std::int64_t>(model.dimensions));
  std::vector<BareSource> sources;
  while (rows.step()) sources.push_back({rows.integer(0), rows.text(1), rows.text(2)});
  return sources;
}

// The condition on text_hash keeps a vector from a text that another process has changed meanwhile.
void store_vectors(Index& index, std::span<const BareSource> sources,
                   const std::vector<std::vector<float>>& vectors, const semantic::EmbeddingModel& model) {
  Transaction transaction(index.database(), Transaction::Kind::writing);
  SqliteStatement update = index.database().prepare(
      "UPDATE local_sl_sources SET embedding = ?1, embedding_backend = ?2, embedding_checksum = ?3, "
      "embedding_dimensions = ?4 WHERE id = ?5 AND text_hash = ?6");
  for (std::size_t i = 0; i < sources.size(); ++i) {
    update.bind_bytes(1, to_bytes(vectors[i])).bind(2, model.backend).bind(3, model.checksum);
    update.bind(4, static_cast<std::int64_t>(model.dimensions)).bind(5, sources[i].id);
    update.bind(6, sources[i].text_hash).run();
  }
  transaction.commit();
}

}  // namespace

Embedder::Embedder(std::unique_ptr<semantic::Transport> transport, std::string backend)
    : transport_(std::move(transport)),
      backend_(std::move(backend)),
      model_(semantic::embedding_model(*transport_, backend_)) {}

std::vector<std::vector<float>> Embedder::embed(const std::vector<std::string>& texts) {
  std::vector<std::string> unknown;
  for (const std::string& text : texts) {
    if (!known_.contains(text)) unknown.push_back(text);
  }
  if (!unknown.empty()) {
    auto vectors = semantic::embed(*transport_, backend_, unknown, model_.dimensions);
    for (std::size_t i = 0; i < unknown.size(); ++i) known_[unknown[i]] = std::move(vectors[i]);
  }
  std::vector<std::vector<float>> result;
  result.reserve(texts.size());
  for (const std::string& text : texts) result.push_back(known_.at(text));
  return result;
}

std::size_t update_vectors(Index& index, const std::optional<std::string>& only, Embedder& embedder) {
  const std::vector<BareSource> bare = bare_sources(index, only, embedder.model());
  for (std::size_t start = 0; start < bare.size(); start += semantic::most_embedded_texts) {
    const auto batch =
        std::span(bare).subspan(start, std::min(semantic::most_embedded_texts, bare.size() - start));
    std::vector<std::string> texts;
    for (const BareSource& source : batch) texts.push_back(source.text);
    store_vectors(index, batch, embedder.embed(texts), embedder.model());
  }
  return bare.size();
}

std::string to_bytes(const std::vector<float>& vector) {
  std::string bytes(vector.size() * sizeof(float), '\0');
  if (!vector.empty()) std::memcpy(bytes.data(), vector.data(), bytes.size());
  return bytes;
}

std::vector<float> vector_of(std::string_view bytes) {
  std::vector<float> vector(bytes.size() / sizeof(float));
  if (!vector.empty()) std::memcpy(vector.data(), bytes.data(), vector.size() * sizeof(float));
  return vector;
}

double cosine(const std::vector<float>& left, const std::vector<float>& right) {
  if (left.size() != right.size()) return 0;
  // In double: a sum of many float products would lose digits.
  double product = 0;
  double left_square = 0;
  double right_square = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    product += static_cast<double>(left[i]) * right[i];
    left_square += static_cast<double>(left[i]) * left[i];
    right_square += static_cast<double>(right[i]) * right[i];
  }
  const double length = std::sqrt(left_square) * std::sqrt(right_square);
  return length > 0 ? product / length : 0;
}

}  // namespace ktx::search
