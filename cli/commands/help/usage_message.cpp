#include "help/usage_message.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "first_word.hpp"
#include "help/command_tree.hpp"
#include "ktx/project/findings.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

struct MovedCommand {
  std::string_view name;
  std::string_view instead;
};

constexpr std::array moved_commands = {
    MovedCommand{"admin", "use ktx setup, ktx runtime, ktx sl schema or ktx sl search --reindex"},
    MovedCommand{"agent", "use ktx sl, ktx wiki or ktx sql, with --json"},
    MovedCommand{"dev", "use ktx setup, ktx status, ktx runtime doctor or ktx completion"},
    MovedCommand{"ingest",
                 "this version reads the tables of a database in ktx setup and ingests nothing else"},
    MovedCommand{"scan", "use ktx setup, which reads the tables of a database"}};

// Where a top command of the TypeScript ktx went, as words to put behind a semicolon: "use ktx setup"; empty
// for any other word. docs/migrating.md has the whole table.
std::string_view moved_to(std::string_view command) {
  const auto found = std::ranges::find(moved_commands, command, &MovedCommand::name);
  return found == moved_commands.end() ? std::string_view() : found->instead;
}

std::string question_of(const std::string& meant) {
  return meant.empty() ? meant : "; did you mean \"" + meant + "\"?";
}

std::string closest_of(std::string_view word, const std::vector<std::string>& candidates) {
  return project::closest(word, {candidates.begin(), candidates.end()});
}

// The options that the command understands: its own first, then those of the commands above it.
std::vector<std::string> understood_options(const CLI::App& command) {
  std::vector<std::string> forms;
  for (const CLI::App* app = &command; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : visible_options(*app)) {
      for (std::string& form : option_forms(*option)) forms.push_back(std::move(form));
    }
  }
  return forms;
}

std::string unknown_option(const CLI::App& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  return full_name(command) + " has no option " + quoted_word(name) +
         question_of(closest_of(name, understood_options(command)));
}

// The whole name of a command with this name elsewhere in the tree: "ktx sl query" for "query".
std::string same_name_elsewhere(const CLI::App& command, std::string_view word) {
  const CLI::App& root = root_of(command);
  for (const CLI::App* one : all_visible_commands(root)) {
    if (one != &root && one->get_name() == word) return full_name(*one);
  }
  return {};
}

std::string closest_command(const CLI::App& command, std::string_view word) {
  std::vector<std::string> names;
  for (const CLI::App* child : visible_commands(command)) names.push_back(child->get_name());
  return closest_of(word, names);
}

// `leads` says that the word stands first: `ktx runtme status` is a mistake in the first word, although the
// root also has a command `status`.
std::string unknown_word(const CLI::App& root, const CLI::App& command, const std::string& word, bool leads) {
  if (word.size() > 1 && word.front() == '-') return unknown_option(command, word);
  if (leads) return unknown_command(root, word);
  if (!visible_commands(command).empty()) return unknown_command(command, word);
  return full_name(command) + " has no place for " + quoted_word(word);
}

std::string refused_value(const CLI::Option& option, const std::string& value,
                          const std::vector<std::string>& allowed) {
  std::string list;
  for (const std::string& one : allowed) list += (list.empty() ? "" : ", ") + one;
  const std::string name = option.get_positional() ? value_name(option) : option_forms(option).back();
  return name + " cannot be " + quoted_word(value) + question_of(closest_of(value, allowed)) +
         " (one of: " + list + ")";
}

// Describes a value that its option does not allow; std::nullopt if the error is about something else.
std::optional<std::string> unknown_value(const CLI::App& command) {
  for (const CLI::App* app = &command; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options({})) {
      const std::vector<std::string> allowed = allowed_values(*option);
      if (allowed.empty()) continue;
      for (const std::string& value : option->results()) {
        if (std::ranges::find(allowed, value) == allowed.end()) return refused_value(*option, value, allowed);
      }
    }
  }
  return std::nullopt;
}

// CLI11 says "--limit: 1 required INT missing".
std::string missing_value(const CLI::App& command, const std::string& message) {
  const std::string form = message.substr(0, message.find(':'));
  const CLI::Option* option = nullptr;
  for (const CLI::App* app = &command; app != nullptr && option == nullptr; app = app->get_parent()) {
    option = app->get_option_no_throw(form);
  }
  if (option == nullptr || !takes_value(*option)) return message;
  std::string list;
  for (const std::string& one : allowed_values(*option)) list += (list.empty() ? "" : ", ") + one;
  return form + " needs a value" + (list.empty() ? "" : " (one of: " + list + ")");
}

}  // namespace

std::string quoted_word(std::string_view word) {
  constexpr std::size_t most = 60;
  return "\"" + cut_to_width(printable(word), most) + "\"";
}

std::string unknown_command(const CLI::App& command, std::string_view word) {
  const std::string unknown = full_name(command) + " has no command " + quoted_word(word);
  const std::string_view instead = command.get_parent() == nullptr ? moved_to(word) : std::string_view();
  if (!instead.empty()) return unknown + "; " + std::string(instead);
  std::string meant = closest_command(command, word);
  // A slip in this group is likelier than a command of another one.
  if (meant.empty()) meant = same_name_elsewhere(command, word);
  return unknown + question_of(meant);
}

std::string usage_message(const CLI::App& root, const std::vector<std::string>& arguments,
                          const CLI::ParseError& error) {
  const CLI::App& command = chosen_command(root);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::size_t place = first_word(arguments, 0, {&root});
    for (const std::string& word : root.remaining(true)) {
      const bool leads = place < arguments.size() && arguments[place] == word;
      if (word != "--") return unknown_word(root, command, word, leads);
    }
  }
  // CLI11 names the check and all its values, but suggests none.
  if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
    if (auto message = unknown_value(command)) return *std::move(message);
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
    return missing_value(command, error.what());
  // The other messages of CLI11 say enough. It puts a colon behind the name of the option: "--limit: must be
  // …".
  std::string message = error.what();
  const std::size_t rule = message.find(": must be ");
  if (rule != std::string::npos && message.find(' ') > rule) message.erase(rule, 1);
  return message;
}

}  // namespace ktx::cli
