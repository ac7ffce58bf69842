#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ktx::cli {

/// Asks for a line of text. Enter without typing gives `initial`.
struct TextQuestion {
  std::string title;
  std::string initial{};
  std::string typed{};  ///< an earlier answer, to be edited; may be empty
  std::string hint{};   ///< how to answer; may be empty
  /// Returns what is wrong with an answer, in one sentence, or "".
  std::function<std::string(const std::string&)> check{};
  bool may_be_secret = false;  ///< a rejected answer is removed from the screen
};

struct Choice {
  std::string label;
  std::string hint{};  ///< shown behind the label; may be empty
};

/// Asks for one of several choices.
struct ChoiceQuestion {
  std::string title;
  std::vector<Choice> choices;  ///< at least one
  std::size_t initial = 0;
};

/// Asks for any number of choices.
struct ManyQuestion {
  std::string title;
  std::vector<Choice> choices;  ///< at least one
  std::vector<bool> initial{};  ///< one for each choice; all off if empty
  std::size_t at_least = 0;     ///< the least number of choices
};

struct YesNoQuestion {
  std::string title;
  bool initial = true;
};

/// std::nullopt if the user wants to go back to the question before.
template <class T>
using Answer = std::optional<T>;

/// Asks a person, on stderr and stdin, which must be terminals. All questions throw `interrupted` if the
/// person gives up (Ctrl-C, Ctrl-D) or the terminal is gone; the terminal is restored first.
class Prompter {
 public:
  virtual ~Prompter() = default;

  virtual Answer<std::string> text(const TextQuestion& question) = 0;
  virtual Answer<std::size_t> choose(const ChoiceQuestion& question) = 0;
  virtual Answer<std::vector<std::size_t>> choose_many(const ManyQuestion& question) = 0;
  virtual Answer<bool> yes_or_no(const YesNoQuestion& question) = 0;
};

}  // namespace ktx::cli
