#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace ktx::cli {

/// The whole name of a command: "ktx sl query".
std::string full_name(const CLI::App& command);

/// The command `ktx` itself, above all others.
const CLI::App& root_of(const CLI::App& command);

/// The visible commands directly below, in the order in which they were added.
std::vector<const CLI::App*> visible_commands(const CLI::App& command);

/// The command and all visible ones below it, parents first.
std::vector<const CLI::App*> all_visible_commands(const CLI::App& command);

/// The visible options and positional arguments of the command itself.
std::vector<const CLI::Option*> visible_options(const CLI::App& command);
std::vector<const CLI::Option*> arguments_of(const CLI::App& command);

/// The deepest command that the command line names.
const CLI::App& chosen_command(const CLI::App& root);

/// All forms of the option: "-v", "--version".
std::vector<std::string> option_forms(const CLI::Option& option);

/// Whether the option needs a value.
bool takes_value(const CLI::Option& option);

/// The values that a `CLI::IsMember` check allows; empty if any is allowed.
std::vector<std::string> allowed_values(const CLI::Option& option);

/// The placeholder of the value in help: "<folder>", "<id>"; empty for a flag.
std::string value_name(const CLI::Option& option);

/// The description of the option, with its values and its default if the description does not name them.
std::string option_text(const CLI::Option& option);

/// The usage of a command: "ktx sl list [OPTIONS]".
std::string usage_line(const CLI::App& command);

}  // namespace ktx::cli
