#include "ktx/terminal/prompts.hpp"

#include <iostream>
#include <utility>

#include "editing.hpp"
#include "key_prompter.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/util/error.hpp"
#include "ktx/util/text.hpp"

namespace ktx::cli {
namespace {

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(" \t\r"));
  text.erase(text.find_last_not_of(" \t\r") + 1);
  return text;
}

std::string numbers_of(const std::vector<bool>& marks) {
  std::string text;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (marks[i]) text += (text.empty() ? "" : ",") + std::to_string(i + 1);
  }
  return text.empty() ? "none" : text;
}

// A prompter for a terminal that only takes lines: choices have numbers, and `<` goes back. The terminal
// keeps its own line editing and signals.
class LinePrompter : public Prompter {
 public:
  explicit LinePrompter(const Terminal& terminal) : terminal_(terminal) {}

  Answer<std::string> text(const TextQuestion& question) override;
  Answer<std::size_t> choose(const ChoiceQuestion& question) override;
  Answer<std::vector<std::size_t>> choose_many(const ManyQuestion& question) override;
  Answer<bool> yes_or_no(const YesNoQuestion& question) override;

 private:
  // The line typed after `prompt`, or std::nullopt for `<`.
  Answer<std::string> line(const std::string& prompt);
  void list(const std::string& title, const std::vector<Choice>& choices);

  const Terminal& terminal_;
};

Answer<std::string> LinePrompter::line(const std::string& prompt) {
  terminal_.err(prompt);
  std::string answer;
  if (!std::getline(std::cin, answer)) {
    // End of input (Ctrl-D) gives up, as with keys. The line break ends the prompt.
    terminal_.err("\n");
    throw Error(ErrorKind::interrupted, "Cancelled");
  }
  answer = trimmed(std::move(answer));
  if (answer == "<") return std::nullopt;
  return answer;
}

void LinePrompter::list(const std::string& title, const std::vector<Choice>& choices) {
  std::string text = title + "\n";
  for (std::size_t i = 0; i < choices.size(); ++i) {
    // Labels may come from a database or a file: they must not control the terminal.
    text += "  " + std::to_string(i + 1) + ") " + printable(choices[i].label);
    if (!choices[i].hint.empty()) text += "  " + printable(choices[i].hint);
    text += "\n";
  }
  terminal_.err(text);
}

Answer<std::string> LinePrompter::text(const TextQuestion& question) {
  if (!question.hint.empty()) terminal_.err("(" + question.hint + ")\n");
  // A line cannot be filled in beforehand; an earlier answer is offered like a default.
  const std::string& usual = question.typed.empty() ? question.initial : question.typed;
  while (true) {
    const std::string shown = usual.empty() ? "" : " [" + printable(usual) + "]";
    auto answer = line(question.title + shown + " ");
    if (!answer) return std::nullopt;
    if (answer->empty()) answer = usual;
    const std::string wrong = question.check ? question.check(*answer) : "";
    if (wrong.empty()) return answer;
    terminal_.err(wrong + "\n");
  }
}

Answer<std::size_t> LinePrompter::choose(const ChoiceQuestion& question) {
  list(question.title, question.choices);
  while (true) {
    const auto answer = line("Number, or < to go back [" + std::to_string(question.initial + 1) + "] ");
    if (!answer) return std::nullopt;
    if (answer->empty()) return question.initial;
    const auto numbers = chosen_numbers(*answer, question.choices.size());
    if (numbers && numbers->size() == 1) return numbers->front();
    terminal_.err("Type a number from 1 to " + std::to_string(question.choices.size()) + "\n");
  }
}

Answer<std::vector<std::size_t>> LinePrompter::choose_many(const ManyQuestion& question) {
  list(question.title, question.choices);
  std::vector<bool> marks = question.initial;
  marks.resize(question.choices.size());
  const std::string usual = numbers_of(marks);
  while (true) {
    auto answer = line("Numbers such as 1,3, none, or < to go back [" + usual + "] ");
    if (!answer) return std::nullopt;
    if (answer->empty()) answer = usual;
    auto numbers =
        *answer == "none" ? std::optional(std::vector<std::size_t>{}) : chosen_numbers(*answer, marks.size());
    if (numbers && numbers->size() >= question.at_least) return numbers;
    terminal_.err("Type " +
                  (question.at_least > 0 ? "at least " + std::to_string(question.at_least) + " of the "
                                         : std::string()) +
                  "numbers from 1 to " + std::to_string(marks.size()) +
                  (question.at_least > 0 ? "\n" : ", or none\n"));
  }
}

Answer<bool> LinePrompter::yes_or_no(const YesNoQuestion& question) {
  while (true) {
    const auto answer = line(question.title + (question.initial ? " [Y/n] " : " [y/N] "));
    if (!answer) return std::nullopt;
    const std::string word = lower_case(*answer);
    if (word.empty()) return question.initial;
    if (word == "y" || word == "yes") return true;
    if (word == "n" || word == "no") return false;
    terminal_.err("Type y or n\n");
  }
}

}  // namespace

bool may_ask(const Terminal& terminal, const Environment& environment) {
  // Not stdout: `ktx sl query > file` may still ask.
  return terminal.in_is_terminal() && terminal.err_is_terminal() && !runs_in_ci(environment);
}

std::unique_ptr<Prompter> make_prompter(const Terminal& terminal, const Environment& environment) {
  if (can_only_append(environment)) return std::make_unique<LinePrompter>(terminal);
  return make_key_prompter(terminal);
}

bool confirm(const Terminal& terminal, const std::string& question) {
  terminal.err(question);
  std::string answer;
  if (!std::getline(std::cin, answer)) {
    terminal.err("\n");
    return false;
  }
  return answer.empty() || answer == "y" || answer == "Y" || answer == "yes" || answer == "Yes";
}

}  // namespace ktx::cli
