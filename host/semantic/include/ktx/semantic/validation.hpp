#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ktx/semantic/messages.hpp"
#include "ktx/util/finding.hpp"

namespace ktx::semantic {

struct ValidationRequest {
  Model model;
  std::string dialect;
  /// False if some sources of the model are not sent: what depends on those is not judged.
  bool complete = true;
  /// Sent sources that an unsent source joins as one_to_many or one_to_one: each of their rows has at most
  /// one row there.
  std::vector<std::string> suspect = {};
  /// When weeks and fiscal years begin: an object, or null.
  Json calendar = nullptr;
};

/// The operation that answers a `ValidationRequest`.
inline constexpr std::string_view validate_operation = "semantic-validate";

/// What is asked, as JSON on one line; equal requests give equal bytes.
ModelQuestion question_of(const ValidationRequest& request);

/// Reads one finding of a reply; without a file if `locate` does not know its place.
Finding decode_finding(const Json& value, const Locator& locate);

/// Reads the tagged reply. The findings whose place `locate` does not know are without a file. A missing or
/// ill-typed member is an `internal` error that names it; an error reply is thrown as the `ktx::Error` of its
/// kind.
std::vector<Finding> decode_validation_reply(std::string_view reply, const Locator& locate);

}  // namespace ktx::semantic
