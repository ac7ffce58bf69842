#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ktx/cache/store.hpp"
#include "ktx/semantic/messages.hpp"

namespace ktx::semantic {

/// The planner's earlier answers, under everything that an answer follows from: the planner, the model's
/// files, and the question's bytes. So an answer that is found is the one that the planner would give again.
///
/// Only answers are kept. Errors are rare, and their advice may depend on more.
class PlanCache {
 public:
  /// `planner` identifies the planner: the versions and digests of everything that compiles.
  PlanCache(cache::Store store, std::string planner);

  const cache::Store& store() const { return store_; }

  struct Answer {
    std::string reply;  ///< the planner's bytes
    /// Whether the answer needs the source files too: for findings in them, or for places that the reply
    /// names.
    bool needs_sources = false;
  };

  /// The answer to a question about the model whose files have the digest `files`.
  std::optional<Answer> answer(const std::string& files, const ModelQuestion& question) const;
  void keep(const std::string& files, const ModelQuestion& question, const Answer& answer) const;

  /// The digest of the model that these files make; known only for files without findings.
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
