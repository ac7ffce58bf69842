#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace ktx {

/// Takes the first code point off `text`; nothing, and `text` untouched, when it is empty or does not
/// begin with well-formed UTF-8 (overlong forms and surrogates are ill-formed).
std::optional<char32_t> take_code_point(std::string_view& text);

/// The byte offset of the first ill-formed sequence; nothing when all of `text` is UTF-8.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// The number of code points in well-formed UTF-8.
std::size_t count_code_points(std::string_view text);

}  // namespace ktx
