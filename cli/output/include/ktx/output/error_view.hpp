#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ktx/terminal/terminal.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {

/// The text of an error for stderr: the message, its details, and the fix. For a terminal of `columns` the
/// message and the fix are broken between words, but a fix with a command in it stays one line, so that it
/// can be copied.
std::string render_error(const Error& error, const Style& style, std::optional<std::size_t> columns);

/// The text for a command line that is not understood: the message, then the help. If the help is longer than
/// a terminal of `rows`, the message is repeated at the end, where it can be seen.
std::string render_misuse(std::string_view message, std::string_view help, const Style& style,
                          std::optional<std::size_t> rows);

}  // namespace ktx::cli
