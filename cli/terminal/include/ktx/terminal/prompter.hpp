#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ktx::cli {

/// A line of text. Enter without typing gives `initial`.
struct TextQuestion {
  std::string title;
  std::string initial{};
  std::string typed{};  ///< stands there from the beginning, to be changed: an earlier answer; may be empty
  std::string hint{};   ///< what a good answer looks like; may be empty
  /// What is wrong with an answer, in one sentence; empty when nothing is.
  std::function<std::string(const std::string&)> check{};
  bool may_be_secret = false;  ///< an answer that is wrong is taken off the screen
};

struct Choice {
  std::string label;
  std::string hint{};  ///< shown behind the label; may be empty
};

/// One of several.
struct ChoiceQuestion {
  std::string title;
  std::vector<Choice> choices;  ///< at least one
  std::size_t initial = 0;
};

/// Any number of several.
struct ManyQuestion {
  std::string title;
  std::vector<Choice> choices;  ///< at least one
  std::vector<bool> initial{};  ///< as many as choices; all off when empty
  std::size_t at_least = 0;     ///< how many must be chosen
};

struct YesNoQuestion {
  std::string title;
  bool initial = true;
};

/// Nothing when the user wants to go back to the question before.
template <class T>
using Answer = std::optional<T>;

/// Asks a person, on stderr and stdin, which must be terminals. Every question throws `interrupted` when the
/// person gives up (Ctrl-C, Ctrl-D) or the terminal goes away; the terminal is then as it was.
class Prompter {
 public:
  virtual ~Prompter() = default;

  virtual Answer<std::string> text(const TextQuestion& question) = 0;
  virtual Answer<std::size_t> choose(const ChoiceQuestion& question) = 0;
  virtual Answer<std::vector<std::size_t>> choose_many(const ManyQuestion& question) = 0;
  virtual Answer<bool> yes_or_no(const YesNoQuestion& question) = 0;
};

}  // namespace ktx::cli
