#include "prompt/key_prompter.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "ktx/util/error.hpp"
#include "output/text_width.hpp"
#include "prompt/choice_list.hpp"
#include "prompt/line_editor.hpp"

namespace ktx::cli {
namespace {

constexpr std::size_t no_row = std::numeric_limits<std::size_t>::max();
constexpr std::size_t most_named_answers = 6;

/// The next key; the wish to end all is thrown.
Key next_key(Keyboard& keyboard) {
  Key key = keyboard.read();
  if (key.kind == KeyKind::end_of_input) throw Error(ErrorKind::interrupted, "Cancelled");
  return key;
}

std::string names_of(const std::vector<Choice>& choices, const std::vector<std::size_t>& chosen) {
  if (chosen.empty()) return "none";
  if (chosen.size() > most_named_answers)
    return std::to_string(chosen.size()) + " of " + std::to_string(choices.size());
  std::string text;
  for (const std::size_t index : chosen) text += (text.empty() ? "" : ", ") + choices[index].label;
  return text;
}

std::vector<FrameLine> text_lines(std::vector<FrameLine> lines, const TextQuestion& question,
                                  const LineEditor::View& view, const std::string& wrong) {
  FrameLine line{{"> ", Tone::chosen}, {view.text, Tone::plain}};
  if (view.text.empty()) line.push_back({question.initial, Tone::faint});
  lines.push_back(std::move(line));
  if (!wrong.empty()) lines.push_back({{wrong, Tone::wrong}});
  return lines;
}

}  // namespace

std::vector<FrameLine> KeyPrompter::heading(const std::string& title, const std::string& hint) const {
  const std::size_t columns = std::max<std::size_t>(terminal_.err_columns(), 4) - 3;
  std::vector<FrameLine> lines;
  for (std::string& line : wrapped(title, columns)) {
    lines.push_back({{lines.empty() ? "? " : "  ", Tone::chosen}, {std::move(line), Tone::strong}});
  }
  if (hint.empty()) return lines;
  for (std::string& line : wrapped(hint, columns)) lines.push_back({{"  "}, {std::move(line), Tone::faint}});
  return lines;
}

void KeyPrompter::finish(Frame& frame, const std::string& title, const std::string& answer) const {
  frame.finish({{"- ", Tone::chosen}, {title + "  "}, {answer, Tone::chosen}});
}

Answer<std::string> KeyPrompter::text(const TextQuestion& question) {
  Frame frame(terminal_);
  Keyboard keyboard(decoder_);
  LineEditor editor(question.typed);
  std::string wrong;
  while (true) {
    std::vector<FrameLine> lines = heading(question.title, question.hint);
    const std::size_t row = lines.size();
    const auto view = editor.view(std::max<std::size_t>(terminal_.err_columns(), 8) - 4);
    frame.draw(text_lines(std::move(lines), question, view, wrong), row, view.cursor + 2);
    const Key key = next_key(keyboard);
    if (key.kind == KeyKind::escape) {
      frame.clear();
      return std::nullopt;
    }
    if (key.kind != KeyKind::enter) {
      if (editor.press(key)) wrong.clear();
      continue;
    }
    const std::string answer = editor.empty() ? question.initial : editor.text();
    wrong = question.check ? question.check(answer) : "";
    if (!wrong.empty() && question.may_be_secret) editor = LineEditor();
    if (!wrong.empty()) continue;
    finish(frame, question.title, answer);
    return answer;
  }
}

bool KeyPrompter::choose_in(ChoiceList& list, Frame& frame, const std::string& title,
                            const std::string& hint) {
  Keyboard keyboard(decoder_);
  while (true) {
    std::vector<FrameLine> lines = heading(title, hint);
    // One line of the terminal stays free for the cursor of what comes next.
    const std::size_t rows = std::max(terminal_.err_rows(), lines.size() + 2) - lines.size() - 1;
    for (FrameLine& line : list.lines(rows)) lines.push_back(std::move(line));
    frame.draw(lines, no_row, 0);
    const Key key = next_key(keyboard);
    if (key.kind == KeyKind::escape) {
      frame.clear();
      return false;
    }
    if (key.kind == KeyKind::enter) return true;
    list.press(key);
  }
}

Answer<std::size_t> KeyPrompter::choose(const ChoiceQuestion& question) {
  Frame frame(terminal_);
  ChoiceList list(question.choices, question.initial, {});
  if (!choose_in(list, frame, question.title, "arrows, Enter; Esc goes back")) return std::nullopt;
  finish(frame, question.title, question.choices[list.pointer()].label);
  return list.pointer();
}

Answer<std::vector<std::size_t>> KeyPrompter::choose_many(const ManyQuestion& question) {
  Frame frame(terminal_);
  std::vector<bool> marks = question.initial;
  marks.resize(question.choices.size());
  ChoiceList list(question.choices, 0, std::move(marks));
  std::string hint = "arrows, Space for on or off, a for all, Enter; Esc goes back";
  std::vector<std::size_t> chosen;
  do {
    if (!choose_in(list, frame, question.title, hint)) return std::nullopt;
    chosen = list.marked();
    hint = "choose at least " + std::to_string(question.at_least) + " with Space; Esc goes back";
  } while (chosen.size() < question.at_least);
  finish(frame, question.title, names_of(question.choices, chosen));
  return chosen;
}

Answer<bool> KeyPrompter::yes_or_no(const YesNoQuestion& question) {
  Frame frame(terminal_);
  Keyboard keyboard(decoder_);
  std::vector<FrameLine> lines = heading(question.title, "");
  lines.back().push_back({question.initial ? " [Y/n] " : " [y/N] ", Tone::faint});
  frame.draw(lines, lines.size() - 1, std::numeric_limits<std::uint16_t>::max());
  while (true) {
    const Key key = next_key(keyboard);
    if (key.kind == KeyKind::escape) {
      frame.clear();
      return std::nullopt;
    }
    const auto answer = yes_or_no_of(key, question.initial);
    if (!answer) continue;
    finish(frame, question.title, *answer ? "yes" : "no");
    return answer;
  }
}

}  // namespace ktx::cli
