#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ktx {

/// The bytes that a text in base64 (RFC 4648 §4, with its padding) stands for; nothing when it is none.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace ktx
