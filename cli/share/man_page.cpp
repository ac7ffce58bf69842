#include "man_page.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "ktx/app/version.hpp"

namespace ktx::cli {
namespace {

using Row = std::pair<const char*, const char*>;

// A short form of what docs/cli.md and docs/errors.md say.
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

// Escapes what roff would interpret: a dot or an apostrophe at the start of a line makes it a request, a
// plain hyphen may be shown as a dash and then cannot be copied, and a backslash starts an escape.
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

// An entry of a list; `tag` has its fonts set already.
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

std::string option_tag(const CommandOption& option) {
  if (option.forms.empty()) return italic(option.value);
  std::string tag;
  for (const std::string& form : option.forms) tag += (tag.empty() ? "" : ", ") + bold(form);
  return option.value.empty() ? tag : tag + " " + italic(option.value);
}

std::string sentence(const std::string& text) { return text.ends_with('.') ? text : text + "."; }

std::string options(const std::string& name, const std::vector<CommandOption>& list) {
  std::string text;
  for (const CommandOption& option : list) text += tagged(option_tag(option), option.text + ".");
  return text.empty() ? text : section(name) + text;
}

std::string commands(const CommandPage& page) {
  std::string text;
  for (const auto& [name, description] : page.commands) {
    text +=
        tagged(bold(name), sentence(description) + " See " + man_page_name(page.name + " " + name) + "(1).");
  }
  return text.empty() ? text : section("COMMANDS") + text;
}

std::string examples(const CommandPage& page) {
  std::string text = section("EXAMPLES");
  for (const auto& [line, what] : page.examples) text += tagged(bold(line), sentence(what));
  return text;
}

std::string see_also(const CommandPage& page) {
  std::vector<std::string> names;
  for (const std::string& command : page.see_also) names.push_back(man_page_name(command));
  std::ranges::sort(names);
  std::string text;
  for (const std::string& name : names) {
    // `.BR` sets its words alternately in bold and roman, without blanks between them.
    text += (text.empty() ? ".BR " : " ,\n.BR ") + escape(name) + " (1)";
  }
  return section("SEE ALSO") + text + "\n";
}

}  // namespace

std::string man_page_name(std::string command) {
  std::ranges::replace(command, ' ', '-');
  return command;
}

std::string man_page(const CommandPage& page, const std::string& date) {
  const std::string name = man_page_name(page.name);
  std::string title = name;
  // Titles of manual pages are in capitals. Not toupper(), which depends on the locale.
  std::ranges::transform(title, title.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  std::string text = ".TH " + title + " 1 " + date + " \"ktx " + app::version + "\" \"ktx manual\"\n";
  text += section("NAME") + escape(name) + " \\- " + escape(page.description) + "\n";
  text += section("SYNOPSIS") + bold(page.name) + escape(page.usage) + "\n";
  text += section("DESCRIPTION") + escape(sentence(page.description)) +
          "\nStandard output carries the answer, standard error everything else.\n";
  text += commands(page) + options("ARGUMENTS", page.arguments) + options("OPTIONS", page.options) +
          options("GLOBAL OPTIONS", page.global_options);
  text += row_section("ENVIRONMENT", variables) + row_section("FILES", known_files) +
          row_section("EXIT STATUS", exit_statuses);
  return text + examples(page) + see_also(page);
}

}  // namespace ktx::cli
