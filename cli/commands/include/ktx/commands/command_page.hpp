#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ktx::cli {

/// An option or an argument of a command.
struct CommandOption {
  std::vector<std::string> forms;  ///< "-v", "--version"; empty for a positional argument
  std::string value;               ///< "<folder>"; empty for a flag
  std::string text;                ///< the description, without a full stop
};

/// The content of the manual page of one command.
struct CommandPage {
  std::string name;         ///< "ktx sl query"
  std::string description;  ///< may lack its full stop
  std::string usage;        ///< the usage after the name: " [OPTIONS] <source>"
  std::vector<CommandOption> arguments;
  std::vector<CommandOption> options;
  std::vector<CommandOption> global_options;                  ///< the options that every command has
  std::vector<std::pair<std::string, std::string>> commands;  ///< the subcommands: last word and description
  std::vector<std::pair<std::string, std::string>> examples;  ///< command lines and what they do
  std::vector<std::string> see_also;  ///< the parent command and its other subcommands
};

/// A page for each visible command, parents first.
std::vector<CommandPage> command_pages();

}  // namespace ktx::cli
