#include "help/help_formatter.hpp"

#include <algorithm>
#include <string_view>

#include "help/command_tree.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

constexpr std::size_t widest_page = 80;
constexpr std::size_t narrowest_page = 24;
constexpr std::size_t expected_examples = 160;  // in all commands; more of them only cost an allocation

// The width of the help, the column at which descriptions start, and who reads it.
struct Page {
  std::size_t width;
  std::size_t text_column;
  const Context& context;
};

Page page_for(const Context& context) {
  constexpr std::size_t narrow = 60;  // two columns need more
  const std::size_t width =
      std::clamp(context.terminal.out_limit().value_or(widest_page), narrowest_page, widest_page);
  return {width, width < narrow ? 8U : 28U, context};
}

// Wraps `words` to the page, with the command as the reader types it; all lines but the first start at
// `column`.
std::string wrap(std::string_view words, std::size_t column, const Page& page) {
  const std::string typed = page.context.worded(std::string(words));
  std::string_view text = typed;
  std::string lines;
  std::size_t used = column;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t width = display_width(word);
    if (used > column && used + 1 + width > page.width) {
      lines += "\n" + std::string(column, ' ');
      used = column;
    }
    if (used > column) {
      lines += ' ';
      ++used;
    }
    lines += word;
    used += width;
  }
  return lines;
}

// "  left      right"; `right` goes below if `left` is too long.
std::string entry(const std::string& left, const std::string& right, const Page& page) {
  std::string line = "  " + left;
  if (line.size() + 2 > page.text_column) {
    line += "\n" + std::string(page.text_column, ' ');
  } else {
    line.resize(page.text_column, ' ');
  }
  return line + wrap(right, page.text_column, page) + "\n";
}

std::string option_left(const CLI::Option& option) {
  std::string left;
  for (const std::string& form : option_forms(option)) left += (left.empty() ? "" : ", ") + form;
  // Long forms line up whether or not there is a short one.
  if (left.starts_with("--")) left.insert(0, "    ");
  const std::string value = value_name(option);
  return value.empty() ? left : left + " " + value;
}

std::string arguments_section(const CLI::App& command, const Page& page) {
  std::string text;
  for (const CLI::Option* argument : arguments_of(command)) {
    text += entry(value_name(*argument), option_text(*argument), page);
  }
  return text.empty() ? text : "\nArguments:\n" + text;
}

std::string options_sections(const CLI::App& command, const Page& page) {
  std::string text;
  for (const std::string& group : command.get_groups()) {
    std::string entries;
    for (const CLI::Option* option : visible_options(command)) {
      if (option->get_group() == group) entries += entry(option_left(*option), option_text(*option), page);
    }
    if (!entries.empty()) text.append("\n").append(group).append(":\n").append(entries);
  }
  return text;
}

std::string commands_section(const CLI::App& command, const Page& page) {
  std::string text;
  for (const CLI::App* child : visible_commands(command)) {
    text += entry(child->get_name(), child->get_description(), page);
  }
  return text.empty() ? text : "\nCommands:\n" + text;
}

std::string examples_section(const std::vector<Example>& examples, const Page& page) {
  std::string text;
  for (const Example& example : examples) {
    const std::string command = page.context.worded("  " + std::string(example.command_line));
    // Elsewhere than on a terminal a line is as long as it is.
    const bool is_narrow = page.context.terminal.out_limit().has_value();
    text.append(is_narrow ? commands_to_copy(command, page.width) : command).append("\n      ");
    text += wrap(example.what, 6, page) + "\n";
  }
  return text.empty() ? text : "\nExamples:\n" + text;
}

// The global options, by name only: `ktx --help` describes them.
std::string global_options_line(const CLI::App& command, const Page& page) {
  const CLI::App& root = root_of(command);
  if (&root == &command) return {};
  std::string names;
  for (const CLI::Option* option : visible_options(root)) {
    if (option->get_group() == global_options) names += ", " + option_forms(*option).back();
  }
  return names.empty() ? names
                       : "\n" + wrap("Global options (see ktx --help): " + names.substr(2), 0, page) + "\n";
}

// The footer. Lines of its table ("  130       …") are wrapped below their second column.
std::string footer_section(std::string_view footer, const Page& page) {
  constexpr std::size_t second_column = 12;
  std::string text;
  while (!footer.empty()) {
    const std::string_view line = footer.substr(0, footer.find('\n'));
    const std::size_t column = line.starts_with("  ") ? std::min(second_column, line.size()) : 0;
    text.append(line.substr(0, column)).append(wrap(line.substr(column), column, page)).append("\n");
    footer.remove_prefix(std::min(line.size() + 1, footer.size()));
  }
  return text.empty() ? text : "\n" + text;
}

HelpFormatter* formatter_of(const CLI::App& command) {
  return dynamic_cast<HelpFormatter*>(command.get_formatter().get());
}

}  // namespace

HelpFormatter::HelpFormatter(const Context& context) : context_(context) {
  examples_.reserve(expected_examples);
}

void HelpFormatter::add_examples(const CLI::App& command, std::initializer_list<Example> examples) {
  for (const Example& example : examples) examples_.emplace_back(&command, example);
}

std::vector<Example> HelpFormatter::examples(const CLI::App& command) const {
  std::vector<Example> found;
  for (const auto& [owner, example] : examples_) {
    if (owner == &command) found.push_back(example);
  }
  return found;
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string /*name*/,
                                     CLI::AppFormatMode /*mode*/) const {
  const Page page = page_for(context_);
  std::string text =
      wrap(app->get_description(), 0, page) + "\n\nUsage: " + wrap(usage_line(*app), 7, page) + "\n";
  text += commands_section(*app, page) + arguments_section(*app, page) + options_sections(*app, page);
  text += examples_section(examples(*app), page) + global_options_line(*app, page);
  return text + footer_section(make_footer(app), page);
}

void add_examples(CLI::App& command, std::initializer_list<Example> examples) {
  if (HelpFormatter* formatter = formatter_of(command)) formatter->add_examples(command, examples);
}

std::vector<Example> examples_of(const CLI::App& command) {
  const HelpFormatter* formatter = formatter_of(command);
  return formatter == nullptr ? std::vector<Example>() : formatter->examples(command);
}

}  // namespace ktx::cli
