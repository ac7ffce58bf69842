#include "first_word.hpp"

#include <algorithm>
#include <string_view>

#include "help/command_tree.hpp"
#include "ktx/app/usage_error.hpp"
#include "ktx/project/findings.hpp"

namespace ktx::cli {
namespace {

using CommandWords = std::vector<std::string>;

bool asks_for_help(const CommandWords& arguments) {
  return std::ranges::any_of(
      arguments, [](const std::string& argument) { return argument == "-h" || argument == "--help"; });
}

// Whether there is an option, from `begin` on, that none of the commands has.
bool has_foreign_option(const CommandWords& arguments, std::size_t begin,
                        const std::vector<const CLI::App*>& commands) {
  for (std::size_t i = begin; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::string& argument = arguments[i];
    if (argument.size() > 1 && argument[0] == '-' && option_of(argument, commands) == nullptr) return true;
  }
  return false;
}

bool has_command(const CLI::App& group, const std::string& name) {
  const auto commands = group.get_subcommands(nullptr);
  return std::ranges::find(commands, name, &CLI::App::get_name) != commands.end();
}

}  // namespace

std::string nearly(const CLI::App& group, const std::string& word) {
  std::vector<std::string_view> names;
  for (const CLI::App* command : group.get_subcommands(nullptr)) names.emplace_back(command->get_name());
  return project::closest(word, names);
}

const CLI::Option* option_of(const std::string& argument, const std::vector<const CLI::App*>& commands) {
  const std::string name = argument.substr(0, argument.find('='));
  for (const CLI::App* command : commands) {
    if (const CLI::Option* option = command->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

std::size_t first_word(const std::vector<std::string>& arguments, std::size_t begin,
                       const std::vector<const CLI::App*>& commands) {
  for (std::size_t i = begin; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") return i;
    // A lone "-" stands for stdin and is a word.
    if (argument.size() < 2 || argument[0] != '-') return i;
    const CLI::Option* option = option_of(argument, commands);
    const bool value_follows = option != nullptr && takes_value(*option);
    if (value_follows && argument.find('=') == std::string::npos) ++i;
  }
  return arguments.size();
}

std::vector<std::string> written_out(const CLI::App& app, std::vector<std::string> arguments) {
  const std::size_t place = first_word(arguments, 0, {&app});
  if (place == arguments.size() || arguments[place] != "sl") return arguments;
  const CLI::App& group = *app.get_subcommand("sl");
  const CLI::App& search = *group.get_subcommand("search");
  // The options of a search too: the value of `ktx sl --limit 3 orders` is not its first word.
  const std::vector<const CLI::App*> commands = {&search, &app};
  const std::size_t word = first_word(arguments, place + 1, commands);
  const auto behind = arguments.begin() + static_cast<std::ptrdiff_t>(place + 1);
  if (word == arguments.size()) {
    // `ktx sl --help` is the help of the group.
    if (!asks_for_help(arguments)) arguments.insert(behind, "list");
    return arguments;
  }
  if (has_command(group, arguments[word])) return arguments;
  const std::string meant = nearly(group, arguments[word]);
  // Without such an option, "lists" may well be a word to search for.
  if (!meant.empty() && has_foreign_option(arguments, word + 1, commands)) {
    throw app::usage_error("ktx sl has no command \"" + arguments[word] + "\"; did you mean \"" + meant +
                           "\"?");
  }
  arguments.insert(behind, "search");
  return arguments;
}

}  // namespace ktx::cli
