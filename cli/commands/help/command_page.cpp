#include "ktx/commands/command_page.hpp"

#include "app.hpp"
#include "help/command_tree.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

CommandOption described(const CLI::Option& option) {
  const bool is_argument = option.get_positional();
  return {is_argument ? std::vector<std::string>() : option_forms(option), value_name(option),
          option_text(option)};
}

std::vector<CommandOption> described(const std::vector<const CLI::Option*>& options, bool global) {
  std::vector<CommandOption> list;
  for (const CLI::Option* option : options) {
    if ((option->get_group() == global_options) == global) list.push_back(described(*option));
  }
  return list;
}

CommandPage page_of(const CLI::App& root, const CLI::App& command) {
  CommandPage page;
  page.name = full_name(command);
  page.description = command.get_description();
  page.usage = usage_line(command).substr(page.name.size());
  for (const CLI::Option* argument : arguments_of(command)) page.arguments.push_back(described(*argument));
  page.options = described(visible_options(command), false);
  page.global_options = described(visible_options(root), true);
  for (const CLI::App* child : visible_commands(command)) {
    page.commands.emplace_back(child->get_name(), child->get_description());
  }
  for (const Example& example : examples_of(command)) {
    page.examples.emplace_back(example.command_line, example.what);
  }
  const CLI::App* parent = command.get_parent();
  if (parent != nullptr) page.see_also.push_back(full_name(*parent));
  // The root has none beside it: it refers to those below.
  for (const CLI::App* other : visible_commands(parent == nullptr ? command : *parent)) {
    if (other != &command) page.see_also.push_back(full_name(*other));
  }
  return page;
}

}  // namespace

std::vector<CommandPage> command_pages() {
  Context context;
  // All commands, not only those that a command line names.
  const auto app = make_app(context);
  std::vector<CommandPage> pages;
  for (const CLI::App* command : all_visible_commands(*app)) pages.push_back(page_of(*app, *command));
  return pages;
}

}  // namespace ktx::cli
