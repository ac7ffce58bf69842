#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ktx/util/json.hpp"

namespace ktx::mcp {

/// The values that the variables of an RFC 6570 template have in `uri`, decoded, as an object of texts;
/// std::nullopt if the address is not of that form. Knows `{name}` and `{+name}`.
std::optional<Json> match_uri(std::string_view uri_template, std::string_view uri);

}  // namespace ktx::mcp
