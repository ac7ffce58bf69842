#pragma once

#include <CLI/App.hpp>
#include <CLI/Error.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::cli {

/// What is wrong with the command line that gave `error`, in one line, with the word that was probably
/// meant: `ktx sl has no command "qurey"; did you mean "query"?`. `arguments` is without the program's name.
std::string usage_message(const CLI::App& root, const std::vector<std::string>& arguments,
                          const CLI::ParseError& error);

/// The same for a word in the place of a command below `command`.
std::string unknown_command(const CLI::App& command, std::string_view word);

}  // namespace ktx::cli
