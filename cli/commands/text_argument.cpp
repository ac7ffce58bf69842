#include "text_argument.hpp"

#include <unistd.h>

#include "ktx/app/usage_error.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::cli {

void add_text_argument(CLI::App& command, TextArgument& argument, const std::string& option,
                       const std::string& description) {
  command.add_option(option, argument.text, description + "; - reads it from stdin");
  command.add_option("--file", argument.file, "A file to read it from, in place of " + option);
}

void check_text_argument(const TextArgument& argument, const std::string& option) {
  if (argument.text && argument.file) throw app::usage_error("Choose only one of " + option + " and --file");
  if (!argument.text && !argument.file)
    throw app::usage_error("Write the text after " + option + " or name a --file");
}

std::string read_text_argument(const TextArgument& argument, const Context& context) {
  if (argument.text) return *argument.text == "-" ? read_stdin() : *argument.text;
  return *argument.file == "-" ? read_stdin() : read_file(context.environment.directory / *argument.file);
}

std::string read_stdin() { return read_descriptor(STDIN_FILENO, "stdin"); }

}  // namespace ktx::cli
