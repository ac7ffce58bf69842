#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/terminal/terminal.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {

/// What stderr says of an error: the message, its details, and what to do. For a terminal of `columns` the
/// message and the fix are broken between words; a fix with a command in it stays one line, to be copied.
std::string render_error(const Error& error, const Style& style, std::optional<std::size_t> columns);

/// What stderr says of a command line that is not understood: the message, then the help. The message is said
/// once more at the end where a terminal of `rows` shows only the end.
std::string render_misuse(std::string_view message, std::string_view help, const Style& style,
                          std::optional<std::size_t> rows);

}  // namespace ktx::cli
