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

/// How a list is written: for a person, one line a row for scripts, or as JSON.
enum class OutputMode : std::uint8_t { pretty, plain, json };

/// --json, else --output, else KTX_OUTPUT, else plain under CI, else pretty on a terminal, else plain.
/// Throws a `usage` error for a name that is none of the three.
OutputMode choose_output_mode(bool json_flag, const std::optional<std::string>& output_option,
                              const Environment& environment, bool out_is_terminal);

/// What stderr says of an error: the message, its details, and what to do. For a terminal of `columns` the
/// message and the fix are broken between words; a fix with a command in it stays one line, to be copied.
std::string render_error(const Error& error, const Style& style, std::optional<std::size_t> columns);

/// What stderr says of a command line that is not understood: the message, then the help. The message is said
/// once more at the end where a terminal of `rows` shows only the end.
std::string render_misuse(std::string_view message, std::string_view help, const Style& style,
                          std::optional<std::size_t> rows);

/// The words as one command line that a POSIX shell reads as these very words.
std::string shell_command(const std::vector<std::string>& words);

}  // namespace ktx::cli
