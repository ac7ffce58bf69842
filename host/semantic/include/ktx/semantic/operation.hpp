#pragma once

#include <string_view>

#include "ktx/semantic/transport.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {

/// What an operation answered.
class OperationReply {
 public:
  /// Takes the tagged reply as it came. Throws the error in it as the `ktx::Error` of its kind, and an
  /// `internal` error when it is neither an error nor an answer.
  explicit OperationReply(std::string_view reply);

  /// The answer. The reply must outlive it.
  JsonObject answer() const;

 private:
  Json document_;
};

/// Asks an operation that is about no model, and so has errors without a place in one. Throws what
/// `OperationReply` does, and what the transport throws.
OperationReply ask_operation(Transport& transport, std::string_view operation, const Json& request);

}  // namespace ktx::semantic
