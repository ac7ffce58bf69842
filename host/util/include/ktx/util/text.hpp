#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ktx {

/// The text up to its first line break (LF or CRLF).
std::string_view first_line(std::string_view text);

/// The text after its last line break, leaving aside those at its end.
std::string_view last_line(std::string_view text);

/// With the ASCII letters in lower case.
std::string lower_case(std::string text);

/// "a, b, c".
std::string comma_separated(std::span<const std::string_view> words);

}  // namespace ktx
