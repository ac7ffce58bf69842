#include "help.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "help/command_tree.hpp"
#include "help/usage_message.hpp"
#include "ktx/app/usage_error.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

const CLI::App& named_command(const CLI::App& root, const std::vector<std::string>& words) {
  const CLI::App* command = &root;
  for (const std::string& word : words) {
    const auto children = visible_commands(*command);
    const auto child = std::ranges::find(children, word, [](const CLI::App* one) { return one->get_name(); });
    if (child == children.end()) throw app::usage_error(unknown_command(*command, word));
    command = *child;
  }
  return *command;
}

}  // namespace

void setup_help(CLI::App& root, Context& context) {
  const auto words = std::make_shared<std::vector<std::string>>();
  CLI::App& command = *root.add_subcommand("help", "Show the help of a command");
  command.add_option("command", *words, "The command's words; the help of ktx itself when there are none");
  add_examples(command, {{"ktx help", "Show the commands of ktx"},
                         {"ktx help sl query", "The same as ktx sl query --help"}});
  command.callback([words, &root, &context] {
    const CLI::App& wanted = named_command(root, *words);
    // Not App::help: for the root it returns the help of the command that runs, which is this one.
    context.command = [&wanted, &context] {
      context.terminal.out(wanted.get_formatter()->make_help(&wanted, {}, CLI::AppFormatMode::Normal));
      return 0;
    };
  });
}

}  // namespace ktx::cli
