#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/terminal/terminal.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {

/// How to write a list: for a person, one line a row for scripts, or as JSON.
enum class OutputMode : std::uint8_t { pretty, plain, json };

/// By --json, else --output, else KTX_OUTPUT, else plain under CI, else pretty on a terminal, else plain.
/// Throws a `usage` error for an unknown name.
OutputMode choose_output_mode(bool json_flag, const std::optional<std::string>& output_option,
                              const Environment& environment, bool out_is_terminal);

/// The text of an error for stderr: the message, its details, and the fix. For a terminal of `columns` the
/// message and the fix are broken between words, but a fix with a command in it stays one line, so that it
/// can be copied.
std::string render_error(const Error& error, const Style& style, std::optional<std::size_t> columns);

/// The text for a command line that is not understood: the message, then the help. If the help is longer than
/// a terminal of `rows`, the message is repeated at the end, where it can be seen.
std::string render_misuse(std::string_view message, std::string_view help, const Style& style,
                          std::optional<std::size_t> rows);

/// The words as one command line that a POSIX shell splits into exactly these words.
std::string shell_command(const std::vector<std::string>& words);

}  // namespace ktx::cli
