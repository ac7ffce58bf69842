#pragma once

#include <string>
#include <vector>

#include "prompt/frame.hpp"
#include "prompt/keyboard.hpp"
#include "prompt/prompter.hpp"

namespace ktx::cli {

/// Questions that are answered with single keys. Each is drawn in place, and leaves one line when it is
/// answered.
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

  /// Shows the list until Enter (true) or Escape (false).
  bool choose_in(class ChoiceList& list, Frame& frame, const std::string& title, const std::string& hint);

  const Terminal& terminal_;
  KeyDecoder decoder_;  ///< keeps what was typed ahead, from question to question
};

}  // namespace ktx::cli
