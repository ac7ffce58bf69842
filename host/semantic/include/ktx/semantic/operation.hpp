#pragma once

#include <string_view>

#include "ktx/semantic/transport.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {

/// The answer, a JSON object, of an operation that is about no model. Throws the error of the reply as the
/// `ktx::Error` of its kind, and an `internal` error when the reply is neither.
Json ask_operation(Transport& transport, std::string_view operation, const Json& request);

}  // namespace ktx::semantic
