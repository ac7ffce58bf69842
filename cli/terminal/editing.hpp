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

/// How a piece of a question looks, where the terminal has colours.
enum class Tone : std::uint8_t { plain, strong, chosen, faint, wrong };

struct Piece {
  std::string text;
  Tone tone = Tone::plain;
};

/// One line of a question. It never takes more than the width of the terminal.
using FrameLine = std::vector<Piece>;

/// One line of text while it is typed.
class LineEditor {
 public:
  /// Begins with `text`, and the cursor behind it.
  explicit LineEditor(std::string_view text = {});

  /// Whether the key changed anything.
  bool press(const Key& key);

  std::string text() const;
  bool empty() const { return characters_.empty(); }

  /// The part of the text around the cursor that fits into `columns` cells (at least one), and the cursor's
  /// cell in it.
  struct View {
    std::string text;
    std::size_t cursor = 0;
  };
  View view(std::size_t columns) const;

 private:
  void erase_word();

  std::vector<std::string> characters_;  ///< one code point each
  std::size_t cursor_ = 0;               ///< before which of them
};

/// A list of choices with one of them under the pointer, while keys are pressed.
class ChoiceList {
 public:
  /// `marks` has which are on, one for each choice; empty for a list where one is chosen by the pointer
  /// alone.
  ChoiceList(const std::vector<Choice>& choices, std::size_t pointer, std::vector<bool> marks)
      : choices_(choices), pointer_(pointer), marks_(std::move(marks)) {}

  /// Up and down, j and k, Home and End move; a digit goes to the choice of that number; Space turns one on
  /// or off and `a` all of them. Whether the key meant anything.
  bool press(const Key& key);

  std::size_t pointer() const { return pointer_; }
  std::vector<std::size_t> marked() const;

  /// At most `height` lines, those around the pointer.
  std::vector<FrameLine> lines(std::size_t height) const;

 private:
  bool press_text(char c);
  void move_to(std::size_t index) { pointer_ = index; }
  FrameLine line(std::size_t index) const;

  const std::vector<Choice>& choices_;
  std::size_t pointer_;
  std::vector<bool> marks_;
};

/// The numbers (from 1) in a text such as "1, 3", as indexes below `count`, sorted and each once; nothing
/// when there is anything else in it.
std::optional<std::vector<std::size_t>> chosen_numbers(std::string_view text, std::size_t count);

}  // namespace ktx::cli
