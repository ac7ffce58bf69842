#include "output/query_view.hpp"
#include "output/text_width.hpp"

namespace ktx::cli {
namespace {

/// The statements below one; `margin` is what stands before each of their lines.
void append_children(std::string& text, const semantic::Explanation& parent, const std::string& margin) {
  for (const semantic::Explanation& child : parent.children) {
    const bool last = &child == &parent.children.back();
    text.append(margin).append(last ? "└─ " : "├─ ").append(printable(child.text)).append("\n");
    append_children(text, child, margin + (last ? "   " : "│  "));
  }
}

}  // namespace

std::string render_explanation(const semantic::Explanation& explanation) {
  std::string text = printable(explanation.text) + "\n";
  append_children(text, explanation, "");
  return text;
}

}  // namespace ktx::cli
