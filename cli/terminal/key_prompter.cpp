#include "key_prompter.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "editing.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {
namespace {

std::string toned(const std::string& text, Tone tone, const Style& style) {
  switch (tone) {
    case Tone::strong: return style.bold(text);
    case Tone::chosen: return style.hint(text);
    case Tone::faint: return style.dim(text);
    case Tone::wrong: return style.error(text);
    default: return text;
  }
}

// The piece as one line that the terminal gets.
std::string drawn(const std::string& line, Tone tone, const Style& style) {
  return shown(toned(line, tone, style), style.colour());
}

std::string moved(std::size_t count, char direction) {
  return count == 0 ? std::string() : "\x1b[" + std::to_string(count) + direction;
}

// The lines of a question on stderr, redrawn in place after every key.
class Frame {
 public:
  explicit Frame(const Terminal& terminal) : terminal_(terminal) {}
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  // Leaves the cursor below what was drawn.
  ~Frame();

  // Replaces what is drawn by `lines`. The cursor is then at `column` of line `row`, or hidden if `row` is
  // beyond the last line.
  void draw(const std::vector<FrameLine>& lines, std::size_t row, std::size_t column);

  // Removes the question from the screen.
  void clear();

  // Replaces the question by one last line, which may be longer than the terminal is wide.
  void finish(const FrameLine& line);

 private:
  std::string to_start();
  std::string rendered(const FrameLine& line, std::size_t columns) const;

  const Terminal& terminal_;
  bool hidden_ = false;     ///< the cursor
  std::size_t row_ = 0;     ///< the line of the cursor, counted from the first
  std::size_t height_ = 0;  ///< lines that are drawn
};

Frame::~Frame() {
  std::string text = hidden_ ? "\x1b[?25h" : "";
  if (height_ > 0) text += moved(height_ - 1 - row_, 'B') + "\r\n";
  terminal_.control(text);
}

void Frame::draw(const std::vector<FrameLine>& lines, std::size_t row, std::size_t column) {
  // The last cell stays free: some terminals move to the next line as soon as it is written.
  const std::size_t columns = std::max<std::size_t>(terminal_.err_columns(), 2) - 1;
  std::string text = to_start();
  for (std::size_t i = 0; i < lines.size(); ++i) text += (i == 0 ? "" : "\n") + rendered(lines[i], columns);
  height_ = lines.size();
  const bool hide = row >= height_;
  row_ = hide ? height_ - 1 : row;
  // Relative moves only: the question may be anywhere on the screen, which may scroll meanwhile.
  text += moved(height_ - 1 - row_, 'A');
  if (!hide) text += "\r" + moved(std::min(column, columns), 'C');
  if (hide != hidden_) text += hide ? "\x1b[?25l" : "\x1b[?25h";
  hidden_ = hide;
  terminal_.control(text);
}

void Frame::clear() {
  terminal_.control(to_start());
  height_ = 0;
  row_ = 0;
}

void Frame::finish(const FrameLine& line) {
  std::string text = to_start();
  for (const Piece& piece : line) text += drawn(printable(piece.text), piece.tone, terminal_.err_style());
  height_ = 0;
  terminal_.control(text + "\n");
}

// To the first line, with everything from there on erased.
std::string Frame::to_start() { return height_ == 0 ? "" : "\r" + moved(row_, 'A') + "\x1b[J"; }

std::string Frame::rendered(const FrameLine& line, std::size_t columns) const {
  std::string text;
  std::size_t left = columns;
  for (const Piece& piece : line) {
    // A line that wraps would spoil the count of lines that `to_start` goes up.
    const std::string fit = cut_to_width(printable(piece.text), left);
    text += drawn(fit, piece.tone, terminal_.err_style());
    left -= std::min(left, display_width(fit));
  }
  return text;
}

constexpr std::size_t no_row = std::numeric_limits<std::size_t>::max();
constexpr std::size_t most_named_answers = 6;

// The next key. Throws on Ctrl-D: the user gives up.
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

class KeyPrompter : public Prompter {
 public:
  explicit KeyPrompter(const Terminal& terminal) : terminal_(terminal) {}

  Answer<std::string> text(const TextQuestion& question) override;
  Answer<std::size_t> choose(const ChoiceQuestion& question) override;
  Answer<std::vector<std::size_t>> choose_many(const ManyQuestion& question) override;
  Answer<bool> yes_or_no(const YesNoQuestion& question) override;

 private:
  std::vector<FrameLine> heading(const std::string& title, const std::string& hint) const;
  void finish(Frame& frame, const std::string& title, const std::string& answer) const;

  // Shows the list until Enter (returns true) or Escape (returns false).
  bool choose_in(ChoiceList& list, Frame& frame, const std::string& title, const std::string& hint);

  const Terminal& terminal_;
  KeyDecoder decoder_;  ///< keeps keys that were typed ahead, across questions
};

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
    // For "> ", the free last cell and the cursor.
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
    // A rejected answer may be a password pasted in place of its reference.
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
    // One line stays free: the cursor ends up below the question.
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
  // At the end of the line, wherever that is: the column is clamped to the width.
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

}  // namespace

std::unique_ptr<Prompter> make_key_prompter(const Terminal& terminal) {
  return std::make_unique<KeyPrompter>(terminal);
}

}  // namespace ktx::cli
