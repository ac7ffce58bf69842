#include "ktx/semantic/embedding.hpp"

#include <cmath>
#include <limits>

#include "ktx/semantic/messages.hpp"

namespace ktx::semantic {
namespace {

Json request_to(const std::string& backend) {
  Json request = Json::object();
  if (!backend.empty()) request["backend"] = backend;
  return request;
}

std::vector<float> decode_vector(const JsonObject& answer, const Json& value, std::size_t dimensions) {
  std::vector<float> vector;
  if (value.is_array()) {
    vector.reserve(value.size());
    for (const Json& number : value) {
      // Converting a double that a float cannot hold would be undefined behaviour.
      if (!number.is_number() || std::abs(number.get<double>()) > std::numeric_limits<float>::max()) break;
      vector.push_back(number.get<float>());
    }
  }
  if (!value.is_array() || vector.size() != value.size() || vector.size() != dimensions) {
    throw answer.wrong("embeddings", "must hold lists of " + std::to_string(dimensions) + " numbers");
  }
  return vector;
}

}  // namespace

EmbeddingModel embedding_model(Transport& transport, const std::string& backend) {
  const OperationReply reply = ask_operation(transport, embedding_info_operation, request_to(backend));
  const JsonObject answer = reply.answer();
  return {answer.non_empty_string("backend"), answer.non_empty_string("model"),
          answer.non_empty_string("checksum"), answer.count("dimensions")};
}

std::vector<std::vector<float>> embed(Transport& transport, const std::string& backend,
                                      const std::vector<std::string>& texts, std::size_t dimensions) {
  Json request = request_to(backend);
  request["texts"] = texts;
  const OperationReply reply = ask_operation(transport, embed_operation, request);
  const JsonObject answer = reply.answer();
  std::vector<std::vector<float>> vectors;
  for (const Json& value : answer.array("embeddings")) {
    vectors.push_back(decode_vector(answer, value, dimensions));
  }
  // One vector too few would give every later text the vector of its neighbour.
  if (vectors.size() != texts.size()) {
    throw answer.wrong("embeddings", "must have one vector a text, " + std::to_string(texts.size()));
  }
  return vectors;
}

}  // namespace ktx::semantic
