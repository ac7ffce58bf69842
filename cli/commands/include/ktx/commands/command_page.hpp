#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ktx::cli {

/// What can be written behind a command: its forms, or the one name of an argument.
struct CommandOption {
  std::vector<std::string> forms;  ///< "-v", "--version"; empty for an argument, which has its place alone
  std::string value;               ///< "<folder>"; empty for a flag
  std::string text;                ///< what it is for, without a full stop
};

/// Everything that the manual says of one command.
struct CommandPage {
  std::string name;         ///< "ktx sl query"
  std::string description;  ///< may lack its full stop
  std::string usage;        ///< what stands behind the name: " [OPTIONS] <source>"
  std::vector<CommandOption> arguments;
  std::vector<CommandOption> options;
  std::vector<CommandOption> global_options;  ///< those of every command
  std::vector<std::pair<std::string, std::string>>
      commands;  ///< below it: the last word, and the description
  std::vector<std::pair<std::string, std::string>> examples;  ///< command lines, and what they do
  std::vector<std::string> see_also;  ///< names of the commands above, below and beside it
};

/// A page for each command that is shown, parents first.
std::vector<CommandPage> command_pages();

}  // namespace ktx::cli
