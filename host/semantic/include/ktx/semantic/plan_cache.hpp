#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ktx/cache/store.hpp"
#include "ktx/semantic/messages.hpp"

namespace ktx::semantic {

/// What the planner has answered, kept by everything that the answer follows from: the planner, the files of
/// the model, and the question in its one spelling. So what is found is what the planner would say again.
///
/// Only answers are kept. An error is worth a second look, and costs one.
class PlanCache {
 public:
  /// `planner` tells it from every other one: the versions and digests of what compiles.
  PlanCache(cache::Store store, std::string planner);

  const cache::Store& store() const { return store_; }

  struct Answer {
    std::string reply;  ///< as the planner gave it
    /// Whether more than the reply belongs to the answer: findings in the files, or places in them that the
    /// reply speaks of.
    bool needs_sources = false;
  };

  /// The answer to a question about the model whose files have this digest.
  std::optional<Answer> answer(const std::string& files, const ModelQuestion& question) const;
  void keep(const std::string& files, const ModelQuestion& question, const Answer& answer) const;

  /// The name of the model that these files make; known only of files without findings.
  std::optional<std::string> model_digest(const std::string& files) const;

  /// The model's text, if it was large enough to be kept.
  std::optional<std::string> model_text(const std::string& files) const;

  /// Keeps the model that these files make, which have no findings.
  void keep(const std::string& files, const Model& model) const;

 private:
  std::string key(std::string_view sort, std::string_view files, std::string_view question) const;

  cache::Store store_;
  std::string planner_;
};

/// Whether a reply is an answer, and neither an error nor anything else.
bool is_answer(std::string_view reply);

}  // namespace ktx::semantic
