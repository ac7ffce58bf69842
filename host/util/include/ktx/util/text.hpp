#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ktx {

/// The text up to its first line break (LF or CRLF).
std::string_view first_line(std::string_view text);

/// The text after its last line break, leaving aside those at its end.
std::string_view last_line(std::string_view text);

/// The text with its ASCII letters in lower case.
std::string lower_case(std::string text);

/// Without blanks at its ends, and with one space for each run of blanks (spaces, tabs, line breaks) inside.
std::string single_spaced(std::string_view text);

/// "a, b, c".
std::string comma_separated(std::span<const std::string_view> words);

/// Takes the first code point off `text`. std::nullopt, with `text` unchanged, if it is empty or does not
/// begin with well-formed UTF-8 (overlong forms and surrogates are ill-formed).
std::optional<char32_t> take_code_point(std::string_view& text);

/// The byte offset of the first ill-formed sequence; std::nullopt if all of `text` is UTF-8.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// The number of code points in well-formed UTF-8.
std::size_t count_code_points(std::string_view text);

/// How many bytes must be put in, left out, changed or swapped with their neighbour to make one text of the
/// other (the optimal string alignment distance).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The bytes that a text in base64 (RFC 4648 §4, with its padding) stands for; std::nullopt if it is not
/// base64.
std::optional<std::string> from_base64(std::string_view text);

/// The text in base64, with its padding, that stands for these bytes.
std::string to_base64(std::string_view bytes);

/// "file:///tmp/C%23/wheels" for an absolute path: an address in which no character of the path means
/// anything.
std::string file_url(std::string_view path);

}  // namespace ktx
