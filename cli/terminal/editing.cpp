#include "editing.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "ktx/terminal/text_width.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {

LineEditor::LineEditor(std::string_view text) {
  while (!text.empty()) {
    std::string_view rest = text;
    // A byte that is not UTF-8 counts as a character, so that it can be deleted.
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
    // As in a shell: only what stands before the cursor.
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
  // What fits before the cursor, which needs a cell of its own; then what fits behind it.
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

bool ChoiceList::press(const Key& key) {
  const std::size_t count = choices_.size();
  switch (key.kind) {
    case KeyKind::up: move_to((pointer_ + count - 1) % count); return true;
    case KeyKind::down: move_to((pointer_ + 1) % count); return true;
    case KeyKind::home: move_to(0); return true;
    case KeyKind::end: move_to(count - 1); return true;
    case KeyKind::text: return key.text.size() == 1 && press_text(key.text[0]);
    default: return false;
  }
}

bool ChoiceList::press_text(char c) {
  if (c == 'k') return press({KeyKind::up, {}});
  if (c == 'j') return press({KeyKind::down, {}});
  if (c >= '1' && c <= '9' && static_cast<std::size_t>(c - '1') < choices_.size()) {
    move_to(static_cast<std::size_t>(c - '1'));
    return true;
  }
  if (marks_.empty()) return false;
  if (c == ' ') {
    marks_[pointer_] = !marks_[pointer_];
    return true;
  }
  if (c != 'a') return false;
  // If all are on, `a` turns all off.
  const bool all = std::ranges::find(marks_, false) == marks_.end();
  std::fill(marks_.begin(), marks_.end(), !all);
  return true;
}

std::vector<std::size_t> ChoiceList::marked() const {
  std::vector<std::size_t> indexes;
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    if (marks_[i]) indexes.push_back(i);
  }
  return indexes;
}

std::vector<FrameLine> ChoiceList::lines(std::size_t height) const {
  const std::size_t count = choices_.size();
  const std::size_t shown = std::clamp<std::size_t>(height, 1, count);
  // The pointer stays in the middle, except near the ends of the list.
  std::size_t first = pointer_ < shown / 2 ? 0 : pointer_ - shown / 2;
  first = std::min(first, count - shown);
  std::vector<FrameLine> lines;
  for (std::size_t i = first; i < first + shown; ++i) lines.push_back(line(i));
  const auto tell = [](FrameLine& line, std::size_t hidden) {
    line.push_back({"  (" + std::to_string(hidden) + " more)", Tone::faint});
  };
  if (first > 0) tell(lines.front(), first);
  // With one line only the first note has room.
  if (first + shown < count && shown > 1) tell(lines.back(), count - first - shown);
  return lines;
}

FrameLine ChoiceList::line(std::size_t index) const {
  const Choice& choice = choices_[index];
  const bool here = index == pointer_;
  const Tone tone = here ? Tone::chosen : Tone::plain;
  FrameLine line{{here ? "> " : "  ", tone}};
  if (!marks_.empty()) line.push_back({marks_[index] ? "[x] " : "[ ] ", tone});
  line.push_back({choice.label, tone});
  if (!choice.hint.empty()) line.push_back({"  " + choice.hint, Tone::faint});
  return line;
}

std::optional<std::vector<std::size_t>> chosen_numbers(std::string_view text, std::size_t count) {
  std::set<std::size_t> numbers;
  while (true) {
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(", ")));
    if (text.empty()) return std::vector<std::size_t>(numbers.begin(), numbers.end());
    std::size_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || number < 1 || number > count) return std::nullopt;
    numbers.insert(number - 1);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
}

}  // namespace ktx::cli
