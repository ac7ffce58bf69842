#include "ktx/output/error_view.hpp"

#include <algorithm>
#include <string>

#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

std::string fix_text(const std::string& fix, const Style& style, std::optional<std::size_t> columns) {
  constexpr std::string_view label = "Fix:";
  const std::string text = broken_between_words("Fix: " + fix, columns);
  return style.hint(label) + text.substr(label.size()) + "\n";
}

}  // namespace

std::string render_error(const Error& error, const Style& style, std::optional<std::size_t> columns) {
  std::string text = style.error(broken_between_words(error.message(), columns)) + "\n";
  for (const std::string& line : error.details())
    text.append(broken_between_words("  " + line, columns)).append("\n");
  return error.fix().empty() ? text : text + fix_text(error.fix(), style, columns);
}

std::string render_misuse(std::string_view message, std::string_view help, const Style& style,
                          std::optional<std::size_t> rows) {
  // One line, even if a word of it would fill the screen.
  constexpr std::size_t most = 300;
  const std::string said = style.error(cut_to_width(printable(message), most)) + "\n";
  const std::string text = said + "\n" + std::string(help);
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  return rows && lines >= *rows ? text + "\n" + said : text;
}

}  // namespace ktx::cli
