#include "ktx/output/output_mode.hpp"

#include <algorithm>
#include <string_view>

#include "ktx/terminal/terminal.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {
namespace {

OutputMode parse(const std::string& name, const std::string& what) {
  if (name == "pretty") return OutputMode::pretty;
  if (name == "plain") return OutputMode::plain;
  if (name == "json") return OutputMode::json;
  throw Error(ErrorKind::usage,
              "Invalid " + what + " value: " + name + ". Expected one of pretty, plain, json.");
}

std::string fix_text(const std::string& fix, const Style& style, std::optional<std::size_t> columns) {
  constexpr std::string_view label = "Fix:";
  // A line break in a command would be copied with it.
  const bool has_command = fix.find("ktx ") != std::string::npos;
  const std::string text =
      has_command ? std::string(label) + " " + fix : broken_between_words("Fix: " + fix, columns);
  return style.hint(label) + text.substr(label.size()) + "\n";
}

std::string shell_word(const std::string& word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  // In double quotes, as people write them, unless the word has something that is special there too.
  if (!word.empty() && word.find_first_of("\"$`\\!\n") == std::string::npos) return "\"" + word + "\"";
  std::string quoted = "'";
  // Nothing is special in single quotes; one of them ends the quotes, stands escaped, and opens them again.
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

}  // namespace

OutputMode choose_output_mode(bool json_flag, const std::optional<std::string>& output_option,
                              const Environment& environment, bool out_is_terminal) {
  if (json_flag) return OutputMode::json;
  if (output_option) return parse(*output_option, "--output");
  if (const auto variable = environment.variable("KTX_OUTPUT")) return parse(*variable, "KTX_OUTPUT");
  if (runs_in_ci(environment)) return OutputMode::plain;
  return out_is_terminal ? OutputMode::pretty : OutputMode::plain;
}

std::string render_error(const Error& error, const Style& style, std::optional<std::size_t> columns) {
  std::string text = style.error(broken_between_words(error.message(), columns)) + "\n";
  for (const std::string& line : error.details()) text.append("  ").append(line).append("\n");
  return error.fix().empty() ? text : text + fix_text(error.fix(), style, columns);
}

std::string render_misuse(std::string_view message, std::string_view help, const Style& style,
                          std::optional<std::size_t> rows) {
  const std::string said = style.error(message) + "\n";
  const std::string text = said + "\n" + std::string(help);
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  return rows && lines >= *rows ? text + "\n" + said : text;
}

std::string shell_command(const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) command += (command.empty() ? "" : " ") + shell_word(word);
  return command;
}

}  // namespace ktx::cli
