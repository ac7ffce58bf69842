#pragma once

#include <gtest/gtest.h>

#include <cctype>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ktx/search/search.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/util/json.hpp"

namespace ktx::search::test {

/// What the embedding side answers with, and what it was asked.
struct FakeModel {
  std::string backend = "onnx";
  std::string checksum = "c1";
  std::size_t dimensions = 8;
  std::vector<std::vector<std::string>> asked;  ///< the texts of each call
  int connections = 0;
  std::function<void()> before_call = [] {};  ///< may throw, or end the process
  std::string reply;                          ///< to a bulk call; the real one when empty
};

/// How often the letters of each of `dimensions` classes begin a word: a model in which texts with the same
/// beginnings are alike.
inline std::vector<float> fake_vector(const std::string& text, std::size_t dimensions) {
  std::vector<float> vector(dimensions, 0);
  bool inside = false;
  for (const char letter_or_not : text) {
    const auto c = static_cast<unsigned char>(letter_or_not);
    const bool letter = std::isalnum(c) != 0;
    if (letter && !inside) vector[static_cast<std::size_t>(std::tolower(c)) % dimensions] += 1;
    inside = letter;
  }
  return vector;
}

class FakeTransport : public semantic::Transport {
 public:
  explicit FakeTransport(FakeModel& model) : model_(model) {}

  std::string call(std::string_view operation, std::string_view request) override {
    const Json document = Json::parse(request);
    if (operation == "embedding-info") {
      return compact_json({{"ok",
                            {{"backend", model_.backend},
                             {"model", "all-MiniLM-L6-v2"},
                             {"checksum", model_.checksum},
                             {"dimensions", model_.dimensions}}}});
    }
    EXPECT_EQ(operation, "embedding-compute-bulk");
    model_.before_call();
    const auto texts = document.at("texts").get<std::vector<std::string>>();
    EXPECT_LE(texts.size(), 100U);
    model_.asked.push_back(texts);
    if (!model_.reply.empty()) return model_.reply;
    Json vectors = Json::array();
    for (const std::string& text : texts) vectors.push_back(fake_vector(text, model_.dimensions));
    return compact_json({{"ok", {{"embeddings", vectors}}}});
  }

 private:
  FakeModel& model_;
};

/// Embeddings by `model`, which must outlive them.
inline Embeddings embeddings_by(FakeModel& model) {
  return {"", "", [&model]() -> std::unique_ptr<semantic::Transport> {
            ++model.connections;
            return std::make_unique<FakeTransport>(model);
          }};
}

}  // namespace ktx::search::test
