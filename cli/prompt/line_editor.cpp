#include "prompt/line_editor.hpp"

#include "ktx/util/utf8.hpp"
#include "output/text_width.hpp"

namespace ktx::cli {

LineEditor::LineEditor(std::string_view text) {
  while (!text.empty()) {
    std::string_view rest = text;
    if (!take_code_point(rest)) rest.remove_prefix(1);
    characters_.emplace_back(text.substr(0, text.size() - rest.size()));
    text = rest;
  }
  cursor_ = characters_.size();
}

bool LineEditor::press(const Key& key) {
  const auto here = characters_.begin() + static_cast<std::ptrdiff_t>(cursor_);
  switch (key.kind) {
    case KeyKind::text:
      characters_.insert(here, key.text);
      ++cursor_;
      return true;
    case KeyKind::backspace:
      if (cursor_ > 0) {
        characters_.erase(here - 1);
        --cursor_;
      }
      return true;
    case KeyKind::erase:
      if (cursor_ < characters_.size()) characters_.erase(here);
      return true;
    case KeyKind::clear_line:
      characters_.erase(characters_.begin(), here);
      cursor_ = 0;
      return true;
    case KeyKind::erase_word: erase_word(); return true;
    case KeyKind::left: cursor_ -= cursor_ > 0 ? 1U : 0U; return true;
    case KeyKind::right: cursor_ += cursor_ < characters_.size() ? 1U : 0U; return true;
    case KeyKind::home: cursor_ = 0; return true;
    case KeyKind::end: cursor_ = characters_.size(); return true;
    default: return false;
  }
}

std::string LineEditor::text() const {
  std::string text;
  for (const std::string& character : characters_) text += character;
  return text;
}

LineEditor::View LineEditor::view(std::size_t columns) const {
  std::size_t first = cursor_;
  std::size_t width = 0;
  // As much as fits before the cursor, which needs a cell of its own; then what fits behind it.
  while (first > 0 && width + display_width(characters_[first - 1]) < columns) {
    width += display_width(characters_[--first]);
  }
  View view{{}, width};
  std::size_t used = 0;
  for (std::size_t i = first; i < characters_.size(); ++i) {
    used += display_width(characters_[i]);
    if (used > columns) break;
    view.text += characters_[i];
  }
  return view;
}

void LineEditor::erase_word() {
  const std::size_t end = cursor_;
  while (cursor_ > 0 && characters_[cursor_ - 1] == " ") --cursor_;
  while (cursor_ > 0 && characters_[cursor_ - 1] != " ") --cursor_;
  const auto at = [&](std::size_t index) { return characters_.begin() + static_cast<std::ptrdiff_t>(index); };
  characters_.erase(at(cursor_), at(end));
}

}  // namespace ktx::cli
