#pragma once

#include <CLI/App.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ktx::cli {

/// The meaning of the words before the cursor. Nothing is checked; words that are not understood are skipped.
struct ParsedLine {
  const CLI::App* command = nullptr;                        ///< the deepest one that the words name
  const CLI::Option* pending = nullptr;                     ///< the option whose value comes next
  std::vector<std::string> arguments;                       ///< positional ones
  std::map<std::string, std::vector<std::string>> options;  ///< values, by the longest form of the option
  bool only_arguments = false;                              ///< a `--` came before

  /// The last value of the option, if it has one.
  std::optional<std::string> value(const std::string& option) const;
};

ParsedLine parse_line(const CLI::App& root, const std::vector<std::string>& words);

/// The option that `form` ("--limit") names for the command, which may belong to a command above it; nullptr
/// if there is none.
const CLI::Option* find_option(const CLI::App& command, const std::string& form);

}  // namespace ktx::cli
