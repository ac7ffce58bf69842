#include "share/man_page.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "examples.hpp"
#include "help/command_tree.hpp"
#include "version.hpp"

namespace ktx::cli {
namespace {

using Row = std::pair<const char*, const char*>;

// What docs/cli.md and docs/errors.md say at length.
constexpr std::array exit_statuses = {
    Row{"0", "Success."}, Row{"1", "The command failed. Standard error says what, where and what to do."},
    Row{"2", "The command line could not be understood. The help follows the message."},
    Row{"129, 130, 143", "Interrupted: the terminal was closed, Ctrl-C, SIGTERM."},
    Row{"141", "The reader of standard output went away."}};

constexpr std::array variables = {Row{"KTX_PROJECT_DIR", "The project's folder."},
                                  Row{"KTX_NO_CACHE", "Set to anything: the same as --no-cache."},
                                  Row{"KTX_CACHE_DIR", "The cache folder; absolute."},
                                  Row{"KTX_RUNTIME_ROOT", "Where the managed runtime lives; absolute."},
                                  Row{"KTX_UV", "The uv to use, before the one on PATH."},
                                  Row{"KTX_PYTHON", "The Python interpreter to use."},
                                  Row{"KTX_OUTPUT", "The default of --output: pretty, plain or json."},
                                  Row{"CI", "Set and not false or 0: nothing is asked."},
                                  Row{"NO_COLOR", "Set to anything: no colours."}};

constexpr std::array known_files = {
    Row{"ktx.yaml", "The project: its name and its connections."},
    Row{"semantic-layer/<connection>/*.yaml", "The sources of a connection."},
    Row{"~/.local/share/kaelio/ktx/runtime", "The managed Python runtime, without KTX_RUNTIME_ROOT."},
    Row{"~/.cache/ktx", "What earlier commands kept, without KTX_CACHE_DIR."}};

/// Text that no letter of steers the formatter.
std::string escape(const std::string& text) {
  std::string escaped;
  if (text.starts_with(".") || text.starts_with("'")) escaped = "\\&";
  for (const char letter : text) {
    if (letter == '-') {
      escaped += "\\-";
    } else if (letter == '\\') {
      escaped += "\\e";
    } else {
      escaped += letter;
    }
  }
  return escaped;
}

std::string section(const std::string& name) { return ".SH " + name + "\n"; }

/// An entry of a list; `tag` holds fonts already.
std::string tagged(const std::string& tag, const std::string& text) {
  return ".TP\n" + tag + "\n" + escape(text) + "\n";
}

std::string bold(const std::string& text) { return "\\fB" + escape(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + escape(text) + "\\fR"; }

template <std::size_t count>
std::string row_section(const std::string& name, const std::array<Row, count>& list) {
  std::string text = section(name);
  for (const auto& [tag, meaning] : list) text += tagged(bold(tag), meaning);
  return text;
}

std::string option_tag(const CLI::Option& option) {
  std::string tag;
  for (const std::string& form : option_forms(option)) tag += (tag.empty() ? "" : ", ") + bold(form);
  const std::string value = value_name(option);
  return value.empty() ? tag : tag + " " + italic(value);
}

std::string sentence(const std::string& text) { return text.ends_with('.') ? text : text + "."; }

std::string options(const std::string& name, const std::vector<const CLI::Option*>& list) {
  std::string text;
  for (const CLI::Option* option : list) {
    text += tagged(option->get_positional() ? italic(value_name(*option)) : option_tag(*option),
                   option_text(*option) + ".");
  }
  return text.empty() ? text : section(name) + text;
}

const CLI::App& root_of(const CLI::App& command) {
  return command.get_parent() == nullptr ? command : root_of(*command.get_parent());
}

std::string all_options(const CLI::App& command) {
  std::vector<const CLI::Option*> own;
  std::vector<const CLI::Option*> global;
  for (const CLI::Option* option : visible_options(command)) {
    if (option->get_group() != global_options) own.push_back(option);
  }
  for (const CLI::Option* option : visible_options(root_of(command))) {
    if (option->get_group() == global_options) global.push_back(option);
  }
  return options("OPTIONS", own) + options("GLOBAL OPTIONS", global);
}

std::string commands(const CLI::App& command) {
  std::string text;
  for (const CLI::App* child : visible_commands(command)) {
    text += tagged(bold(child->get_name()),
                   sentence(child->get_description()) + " See " + man_page_name(*child) + "(1).");
  }
  return text.empty() ? text : section("COMMANDS") + text;
}

std::string examples(const CLI::App& command) {
  std::string text = section("EXAMPLES");
  for (const Example& example : examples_of(command)) {
    text += tagged(bold(example.command_line), sentence(example.what));
  }
  return text;
}

/// The command above, those below, and those beside it.
std::string see_also(const CLI::App& command) {
  std::vector<std::string> pages;
  const CLI::App* parent = command.get_parent();
  if (parent != nullptr) pages.push_back(man_page_name(*parent));
  for (const CLI::App* other : visible_commands(parent == nullptr ? command : *parent)) {
    if (other != &command) pages.push_back(man_page_name(*other));
  }
  std::ranges::sort(pages);
  std::string text;
  for (const std::string& page : pages) {
    text += (text.empty() ? ".BR " : " ,\n.BR ") + escape(page) + " (1)";
  }
  return section("SEE ALSO") + text + "\n";
}

}  // namespace

std::string man_page_name(const CLI::App& command) {
  std::string name = full_name(command);
  std::ranges::replace(name, ' ', '-');
  return name;
}

std::string man_page(const CLI::App& command, const std::string& date) {
  std::string title = man_page_name(command);
  std::ranges::transform(title, title.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  const std::string name = full_name(command);
  const std::string arguments = usage_line(command).substr(name.size());
  std::string page = ".TH " + title + " 1 " + date + " \"ktx " + version + "\" \"ktx manual\"\n";
  page +=
      section("NAME") + escape(man_page_name(command)) + " \\- " + escape(command.get_description()) + "\n";
  page += section("SYNOPSIS") + bold(name) + escape(arguments) + "\n";
  page += section("DESCRIPTION") + escape(sentence(command.get_description())) +
          "\nStandard output carries the answer, standard error everything else.\n";
  page += commands(command) + options("ARGUMENTS", arguments_of(command)) + all_options(command);
  page += row_section("ENVIRONMENT", variables) + row_section("FILES", known_files) +
          row_section("EXIT STATUS", exit_statuses);
  return page + examples(command) + see_also(command);
}

}  // namespace ktx::cli
