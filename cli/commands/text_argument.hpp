#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>

#include "context.hpp"

namespace ktx::cli {

/// A text that a command is given on its command line, on stdin or in a file.
struct TextArgument {
  std::optional<std::string> text;  ///< "-" for stdin
  std::optional<std::string> file;  ///< "-" for stdin
};

/// Adds `option`, which takes the text itself, and `--file`.
void add_text_argument(CLI::App& command, TextArgument& argument, const std::string& option,
                       const std::string& description);

/// Throws a usage error unless the text is given in exactly one way.
void check_text_argument(const TextArgument& argument, const std::string& option);

/// The text. A relative file counts from the working directory. Throws an `io` error when it cannot be read.
std::string read_text_argument(const TextArgument& argument, const Context& context);

/// All of stdin, until its end.
std::string read_stdin();

}  // namespace ktx::cli
