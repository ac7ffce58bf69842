#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "prompt/frame.hpp"
#include "prompt/keys.hpp"
#include "prompt/prompter.hpp"

namespace ktx::cli {

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

}  // namespace ktx::cli
