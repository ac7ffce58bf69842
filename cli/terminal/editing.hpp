#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "keyboard.hpp"
#include "ktx/terminal/prompter.hpp"

namespace ktx::cli {

/// How a piece of a question looks on a terminal with colours.
enum class Tone : std::uint8_t { plain, strong, chosen, faint, wrong };

struct Piece {
  std::string text;
  Tone tone = Tone::plain;
};

/// One line of a question. It is cut to the width of the terminal.
using FrameLine = std::vector<Piece>;

/// A line of text that is being edited.
class LineEditor {
 public:
  /// Starts with `text` and the cursor at its end.
  explicit LineEditor(std::string_view text = {});

  /// Handles a key. Returns whether it is one that edits text.
  bool press(const Key& key);

  std::string text() const;
  bool empty() const { return characters_.empty(); }

  /// The part of the text around the cursor that fits into `columns` cells (at least one), and the cell of
  /// the cursor in it.
  struct View {
    std::string text;
    std::size_t cursor = 0;
  };
  View view(std::size_t columns) const;

 private:
  void erase_word();

  std::vector<std::string> characters_;  ///< one code point each
  std::size_t cursor_ = 0;               ///< the index of the character behind the cursor
};

/// A list of choices with a pointer at one of them, controlled by keys.
class ChoiceList {
 public:
  /// `marks` says which choices are marked. It is empty if only one can be chosen, by the pointer.
  ChoiceList(const std::vector<Choice>& choices, std::size_t pointer, std::vector<bool> marks)
      : choices_(choices), pointer_(pointer), marks_(std::move(marks)) {}

  /// Handles a key, and returns whether it has a meaning here: arrows, j, k, Home and End move the pointer, a
  /// digit moves it to the choice of that number, Space toggles a mark and `a` all of them.
  bool press(const Key& key);

  std::size_t pointer() const { return pointer_; }
  std::vector<std::size_t> marked() const;

  /// At most `height` lines around the pointer.
  std::vector<FrameLine> lines(std::size_t height) const;

 private:
  bool press_text(char c);
  void move_to(std::size_t index) { pointer_ = index; }
  FrameLine line(std::size_t index) const;

  const std::vector<Choice>& choices_;
  std::size_t pointer_;
  std::vector<bool> marks_;
};

/// The numbers (from 1) in a text such as "1, 3" as sorted, unique indexes below `count`. std::nullopt if the
/// text has anything else in it.
std::optional<std::vector<std::size_t>> chosen_numbers(std::string_view text, std::size_t count);

}  // namespace ktx::cli
