#pragma once

#include <CLI/App.hpp>
#include <CLI/Error.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::cli {

/// Describes a command line that failed with `error`, in one line, with a suggestion: `ktx sl has no command
/// "qurey"; did you mean "query"?`. `arguments` lacks the name of the program.
std::string usage_message(const CLI::App& root, const std::vector<std::string>& arguments,
                          const CLI::ParseError& error);

/// A word of the command line as messages show it: in quotes, as one line, and cut where it is very long.
std::string quoted_word(std::string_view word);

/// Describes a word that is not a command below `command`, with a suggestion.
std::string unknown_command(const CLI::App& command, std::string_view word);

}  // namespace ktx::cli
