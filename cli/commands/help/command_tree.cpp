#include "help/command_tree.hpp"

#include <algorithm>

#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

// The type of an option. CLI11 joins a type and its checks: "TEXT:{json,sql}".
std::string type_without_checks(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

std::string joined_with(const std::vector<std::string>& words, char separator) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

// "one of a, b, c"; empty if the placeholder lists the values already.
std::string listed_values(const CLI::Option& option) {
  if (value_name(option).find('|') != std::string::npos) return {};
  std::string text;
  for (const std::string& value : allowed_values(option)) text += (text.empty() ? "one of " : ", ") + value;
  return text;
}

std::string default_of(const CLI::Option& option) {
  std::string value = option.get_default_str();
  if (value.size() > 1 && value.front() == '[')
    value = value.substr(1, value.size() - 2);  // the default of a list
  return value;
}

std::string argument_usage(const CLI::Option& argument) {
  std::string text = value_name(argument);
  if (argument.get_expected_max() > 1) text += "...";
  return argument.get_required() ? text : "[" + text + "]";
}

}  // namespace

std::string full_name(const CLI::App& command) {
  const std::string& own = command.get_name();
  return command.get_parent() == nullptr ? own : full_name(*command.get_parent()) + " " + own;
}

const CLI::App& root_of(const CLI::App& command) {
  return command.get_parent() == nullptr ? command : root_of(*command.get_parent());
}

// Hidden commands and options are in the group "".
std::vector<const CLI::App*> visible_commands(const CLI::App& command) {
  return command.get_subcommands(
      [](const CLI::App* child) { return !child->get_group().empty() && !child->get_name().empty(); });
}

std::vector<const CLI::App*> all_visible_commands(const CLI::App& command) {
  std::vector<const CLI::App*> all = {&command};
  for (const CLI::App* child : visible_commands(command)) {
    const auto below = all_visible_commands(*child);
    all.insert(all.end(), below.begin(), below.end());
  }
  return all;
}

std::vector<const CLI::Option*> visible_options(const CLI::App& command) {
  return command.get_options(
      [](const CLI::Option* option) { return option->nonpositional() && !option->get_group().empty(); });
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& command) {
  return command.get_options(
      [](const CLI::Option* option) { return option->get_positional() && !option->get_group().empty(); });
}

const CLI::App& chosen_command(const CLI::App& root) {
  const CLI::App* command = &root;
  for (auto chosen = root.get_subcommands(); !chosen.empty(); chosen = command->get_subcommands()) {
    command = chosen.front();
  }
  return *command;
}

std::vector<std::string> option_forms(const CLI::Option& option) {
  std::vector<std::string> forms;
  for (const std::string& name : option.get_snames()) forms.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) forms.push_back("--" + name);
  return forms;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_min() > 0; }

std::vector<std::string> allowed_values(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  // CLI11 does not give access to the list of a check, only to this text.
  const auto open = type.find(":{");
  const auto close = type.find('}', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || close == std::string::npos) return {};
  std::vector<std::string> values;
  for (std::size_t start = open + 2; start <= close;) {
    const std::size_t end = std::min(type.find(',', start), close);
    values.push_back(type.substr(start, end - start));
    start = end + 1;
  }
  return values;
}

std::string value_name(const CLI::Option& option) {
  constexpr std::size_t longest_list = 36;
  if (option.get_positional()) return "<" + option.get_name(true) + ">";
  if (!takes_value(option)) return {};
  std::string list = joined_with(allowed_values(option), '|');
  if (!list.empty() && list.size() <= longest_list) return list;
  const std::string type = type_without_checks(option);
  // INT and UINT are what CLI11 calls a number.
  if (type == "INT" || type == "UINT") return "<number>";
  return "<" + lower_case(type) + ">";
}

std::string option_text(const CLI::Option& option) {
  std::string text = option.get_description();
  const auto says = [&](const std::string& word) { return text.find(word) != std::string::npos; };
  // If the description names the values itself, it says more about them.
  if (const std::string values = listed_values(option);
      !values.empty() && !says(allowed_values(option).front())) {
    text += "; " + values;
  }
  if (const std::string value = default_of(option); !value.empty() && !says("default")) {
    text += " (default: " + value + ")";
  }
  return text;
}

std::string usage_line(const CLI::App& command) {
  std::string line = full_name(command);
  if (!visible_options(command).empty()) line += " [OPTIONS]";
  for (const CLI::Option* argument : arguments_of(command)) line += " " + argument_usage(*argument);
  if (!visible_commands(command).empty()) line += " [COMMAND]";
  return line;
}

}  // namespace ktx::cli
