#include "ktx/output/query_view.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

/// Fewer cells than these are not worth breaking a statement for.
constexpr std::size_t least_statement = 20;

/// One statement. `margin` is what stands before its first line, `below` what stands before the others, whose
/// text goes on below the first line's.
void append_statement(std::string& text, const std::string& statement, const std::string& margin,
                      const std::string& below, std::optional<std::size_t> columns) {
  const std::size_t used = display_width(margin);
  if (!columns || *columns < used + least_statement) {
    text.append(margin).append(statement).append("\n");
    return;
  }
  const std::vector<std::string> lines = wrapped(statement, *columns - used);
  for (const std::string& line : lines) {
    text.append(&line == &lines.front() ? margin : below).append(line).append("\n");
  }
}

/// The statements below one; `margin` is what stands before each of their lines.
void append_children(std::string& text, const semantic::Explanation& parent, const std::string& margin,
                     std::optional<std::size_t> columns) {
  for (const semantic::Explanation& child : parent.children) {
    const bool last = &child == &parent.children.back();
    const std::string below = margin + (last ? "   " : "│  ");
    append_statement(text, printable(child.text), margin + (last ? "└─ " : "├─ "),
                     below + (child.children.empty() ? "" : "│  "), columns);
    append_children(text, child, below, columns);
  }
}

}  // namespace

std::string render_explanation(const semantic::Explanation& explanation, std::optional<std::size_t> columns) {
  std::string text;
  append_statement(text, printable(explanation.text), "", explanation.children.empty() ? "" : "│  ", columns);
  append_children(text, explanation, "", columns);
  return text;
}

}  // namespace ktx::cli
