#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/messages.hpp"

namespace ktx::semantic {

struct ValidationRequest {
  Model model;
  std::string dialect;
  /// False if some sources of the model are not sent: what depends on those is not judged.
  bool complete = true;
  /// Sent sources that an unsent source joins as one_to_many or one_to_one: each of their rows has at most
  /// one row there.
  std::vector<std::string> suspect = {};
};

/// What the planner found in a model.
// NOLINTNEXTLINE(bugprone-exception-escape): the move of a Json only asserts
struct ModelFinding {
  std::string code;
  std::string severity;  ///< "error", "warning" or "hint"
  std::string message;
  std::string fix;  ///< may be empty
  std::vector<std::string> suggestions;
  std::string source;                  ///< whose definition is at fault; empty if none is
  Json path = Json::array();           ///< the place in that source: ["joins", 0, "on"]
  std::vector<std::string> concerned;  ///< further sources that the finding is about
};

/// The operation that answers a `ValidationRequest`.
inline constexpr std::string_view validate_operation = "semantic-validate";

/// What is asked, as JSON on one line; equal requests give equal bytes.
ModelQuestion question_of(const ValidationRequest& request);

/// Reads the tagged reply. A missing or ill-typed member is an `internal` error that names it; an error
/// reply is thrown as the `ktx::Error` of its kind.
std::vector<ModelFinding> decode_validation_reply(std::string_view reply, const Locator& locate);

}  // namespace ktx::semantic
