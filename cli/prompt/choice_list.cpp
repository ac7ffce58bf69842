#include "prompt/choice_list.hpp"

#include <algorithm>
#include <utility>

namespace ktx::cli {

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
  std::size_t first = pointer_ < shown / 2 ? 0 : pointer_ - shown / 2;
  first = std::min(first, count - shown);
  std::vector<FrameLine> lines;
  for (std::size_t i = first; i < first + shown; ++i) lines.push_back(line(i));
  const auto tell = [](FrameLine& line, std::size_t hidden) {
    line.push_back({"  (" + std::to_string(hidden) + " more)", Tone::faint});
  };
  if (first > 0) tell(lines.front(), first);
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

}  // namespace ktx::cli
