#pragma once

#include <string>
#include <string_view>

#include "ktx/semantic/messages.hpp"
#include "ktx/util/json.hpp"

namespace ktx::semantic {

/// The reply's document. Throws an `internal` error when it is not JSON.
Json parse_reply(std::string_view reply);

/// The `ok` member of a tagged reply, which must outlive the result. An error reply is thrown as the
/// `ktx::Error` of its kind; a reply that is neither is an `internal` error.
JsonObject answer_of(const Json& document, const Locator& locate);

/// The place of the object's `location` member; empty when it has none or it leads nowhere.
std::string place_of(const JsonObject& object, const Locator& locate);

}  // namespace ktx::semantic
