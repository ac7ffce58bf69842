#pragma once

#include <CLI/App.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ktx::cli {

/// What the words before the cursor mean. Nothing is checked: what is not understood is passed over.
struct ParsedLine {
  const CLI::App* command = nullptr;                        ///< as deep as the words lead
  const CLI::Option* pending = nullptr;                     ///< the option whose value comes next
  std::vector<std::string> arguments;                       ///< positional ones
  std::map<std::string, std::vector<std::string>> options;  ///< the values, by the option's longest form
  bool only_arguments = false;                              ///< behind `--`

  /// The last value of the option.
  std::optional<std::string> value(const std::string& option) const;
};

ParsedLine parse_line(const CLI::App& root, const std::vector<std::string>& words);

/// The option that `form` ("--limit") names for the command: one of its own, or of a command above it.
const CLI::Option* find_option(const CLI::App& command, const std::string& form);

}  // namespace ktx::cli
