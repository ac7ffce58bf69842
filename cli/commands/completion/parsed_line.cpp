#include "completion/parsed_line.hpp"

#include "help/command_tree.hpp"

namespace ktx::cli {
namespace {

const CLI::App* child_named(const CLI::App& command, const std::string& name) {
  for (const CLI::App* child : visible_commands(command)) {
    if (child->get_name() == name) return child;
  }
  return nullptr;
}

void take_option(ParsedLine& line, const std::string& word) {
  const auto equals = word.find('=');
  const CLI::Option* option = find_option(*line.command, word.substr(0, equals));
  if (option == nullptr) return;
  auto& values = line.options[option_forms(*option).back()];
  if (equals != std::string::npos) {
    values.push_back(word.substr(equals + 1));
  } else if (takes_value(*option)) {
    line.pending = option;
  }
}

// Takes a word that is not an argument: `--`, an option or a command. Returns whether it was one.
bool take_syntax(ParsedLine& line, const std::string& word) {
  if (word == "--") {
    line.only_arguments = true;
    return true;
  }
  if (word.size() > 1 && word.front() == '-') {
    take_option(line, word);
    return true;
  }
  // Behind an argument no command can follow.
  const CLI::App* child = line.arguments.empty() ? child_named(*line.command, word) : nullptr;
  if (child != nullptr) line.command = child;
  return child != nullptr;
}

void take_word(ParsedLine& line, const std::string& word) {
  if (line.pending != nullptr) {
    line.options[option_forms(*line.pending).back()].push_back(word);
    line.pending = nullptr;
  } else if (line.only_arguments || !take_syntax(line, word)) {
    line.arguments.push_back(word);
  }
}

}  // namespace

std::optional<std::string> ParsedLine::value(const std::string& option) const {
  const auto found = options.find(option);
  if (found == options.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

const CLI::Option* find_option(const CLI::App& command, const std::string& form) {
  for (const CLI::App* app = &command; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : visible_options(*app)) {
      for (const std::string& known : option_forms(*option)) {
        if (known == form) return option;
      }
    }
  }
  return nullptr;
}

ParsedLine parse_line(const CLI::App& root, const std::vector<std::string>& words) {
  ParsedLine line;
  line.command = &root;
  for (const std::string& word : words) take_word(line, word);
  return line;
}

}  // namespace ktx::cli
