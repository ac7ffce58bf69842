#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "prompt/prompter.hpp"

namespace ktx::cli {

/// Questions for a terminal that only takes lines: choices have numbers, and `<` goes back. The terminal
/// keeps its own editing and signals.
class LinePrompter : public Prompter {
 public:
  explicit LinePrompter(const Terminal& terminal) : terminal_(terminal) {}

  Answer<std::string> text(const TextQuestion& question) override;
  Answer<std::size_t> choose(const ChoiceQuestion& question) override;
  Answer<std::vector<std::size_t>> choose_many(const ManyQuestion& question) override;
  Answer<bool> yes_or_no(const YesNoQuestion& question) override;

 private:
  /// What was typed after `prompt`; nothing for `<`.
  Answer<std::string> line(const std::string& prompt);
  void list(const std::string& title, const std::vector<Choice>& choices);

  const Terminal& terminal_;
};

/// The numbers (from 1) in a text such as "1, 3", as indexes below `count`, sorted and each once; nothing
/// when there is anything else in it.
std::optional<std::vector<std::size_t>> chosen_numbers(std::string_view text, std::size_t count);

}  // namespace ktx::cli
