#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

namespace ktx::cli {

/// "ktx sl query".
std::string full_name(const CLI::App& command);

/// The command `ktx` itself, above all others.
const CLI::App& root_of(const CLI::App& command);

/// The commands directly below that are shown, in the order of their registration.
std::vector<const CLI::App*> visible_commands(const CLI::App& command);

/// The command itself and all visible ones below it, parents first.
std::vector<const CLI::App*> all_visible_commands(const CLI::App& command);

/// The options and the positional arguments of the command itself that are shown.
std::vector<const CLI::Option*> visible_options(const CLI::App& command);
std::vector<const CLI::Option*> arguments_of(const CLI::App& command);

/// The command that was chosen on the command line, as deep as it goes.
const CLI::App& chosen_command(const CLI::App& root);

/// Every form of the option: "-v", "--version".
std::vector<std::string> option_forms(const CLI::Option& option);

/// Whether a value must follow the option's name.
bool takes_value(const CLI::Option& option);

/// What a `CLI::IsMember` check allows; empty when any value may be given.
std::vector<std::string> allowed_values(const CLI::Option& option);

/// What stands for the value in help: "<folder>", "<id>"; empty for a flag.
std::string value_name(const CLI::Option& option);

/// What the option is for, with its values and its default where the description does not say them.
std::string option_text(const CLI::Option& option);

/// "Usage: ktx sl list [OPTIONS]" without its first word.
std::string usage_line(const CLI::App& command);

}  // namespace ktx::cli
