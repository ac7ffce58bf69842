#include "completion.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "completion/completer.hpp"
#include "ktx/commands/completion_scripts.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "options.hpp"

namespace ktx::cli {
namespace {

using Words = std::vector<std::string>;

// The words behind the `--` of the hidden command, from argv: CLI11 changes some of them.
Words words_behind_dashes(const Words& arguments) {
  const auto dashes = std::ranges::find(arguments, "--");
  return dashes == arguments.end() ? Words() : Words(dashes + 1, arguments.end());
}

// bash passes its line and COMP_WORDBREAKS. The others pass words; fish leaves quotes in the last one.
TypedWords typed_words(const std::string& shell, Words words) {
  if (shell == "bash") {
    if (words.size() < 2) return {};
    return split_line(words[0], words[1]);
  }
  TypedWords typed;
  if (words.empty()) return typed;
  typed.current = std::move(words.back());
  words.pop_back();
  typed.before = std::move(words);
  if (shell == "fish") {
    typed.current = split_line("ktx " + typed.current, "").current;
  } else if (typed.current.starts_with("--")) {
    typed.kept = typed.current.find('=') + 1;  // npos + 1 is 0: nothing is kept
  }
  return typed;
}

// The scripts read a line for each candidate, with a tab before its description, and the shells show
// descriptions as they are.
std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char letter) { return letter == '\n' || letter == '\t'; }, ' ');
  return printable(text);
}

// A name with control characters cannot be typed, nor shown as it is.
bool can_be_typed(const std::string& value) { return printable(value) == value; }

// The text as bash reads it behind what is typed already, in an open quote or in none. The others do this
// themselves.
std::string for_bash(std::string_view text, char quote) {
  std::string result;
  for (const char letter : text) {
    if (quote == '\'') {
      result += letter == '\'' ? "'\\''" : std::string(1, letter);
      continue;
    }
    const std::string_view special = quote == '"' ? "\"\\$`" : " \"'\\$`!()[]{}*?<>|&;#~^";
    if (special.find(letter) != std::string_view::npos) result += '\\';
    result += letter;
  }
  // bash closes the quote, unless it takes the last character for one that does.
  return quote != 0 && text.ends_with(quote) ? result + quote : result;
}

std::string answer_text(const CompletionAnswer& answer, const TypedWords& words, bool is_bash) {
  std::string text;
  for (const Candidate& candidate : answer.candidates) {
    if (!can_be_typed(candidate.value)) continue;
    const std::string inserted = candidate.value.substr(std::min(words.kept, candidate.value.size()));
    text += is_bash ? for_bash(inserted, words.quote) : inserted;
    // bash shows no descriptions.
    if (!is_bash && !candidate.description.empty()) text += "\t" + one_line(candidate.description);
    text += "\n";
  }
  // Lines that start with a colon are directives for the scripts.
  if (answer.paths == CompletionAnswer::Paths::files) text += ":files\n";
  if (answer.paths == CompletionAnswer::Paths::folders) text += ":folders\n";
  if (answer.open) text += ":open\n";
  return text;
}

void setup_answers(CLI::App& root, Context& context) {
  const auto shell = std::make_shared<std::string>();
  const auto words = std::make_shared<Words>();
  CLI::App& command = *root.add_subcommand("__complete", "Answer what may stand at the cursor");
  command.group("");  // hidden
  command.add_option("shell", *shell, "The shell that asks")->required();
  command.add_option("words", *words, "The line");
  command.callback([shell, words, &root, &context] {
    context.command = [shell, &root, &context] {
      const TypedWords typed = typed_words(*shell, words_behind_dashes(context.arguments));
      const auto answer = complete(root, typed, context.environment);
      context.terminal.out_bytes(answer_text(answer, typed, *shell == "bash"));
      return 0;
    };
  });
}

}  // namespace

void setup_completion(CLI::App& root, Context& context) {
  const auto shell = std::make_shared<std::string>();
  CLI::App& command = *root.add_subcommand(
      "completion", "Print the script that completes ktx in a shell; it says how it is installed");
  Words names;
  for (const CompletionScript& script : completion_scripts) names.emplace_back(script.shell);
  command.add_option("shell", *shell, "The shell: bash, fish or zsh")
      ->required()
      ->check(CLI::IsMember(names));
  add_examples(command,
               {{"ktx completion bash > ~/.local/share/bash-completion/completions/ktx", "Install for bash"},
                {"ktx completion zsh > ~/.zfunc/_ktx",
                 "Install for zsh; ~/.zshrc needs fpath+=(~/.zfunc) before compinit"},
                {"ktx completion fish > ~/.config/fish/completions/ktx.fish", "Install for fish"}});
  command.callback([shell, &context] {
    context.command = [shell, &context] {
      const auto script = std::ranges::find(completion_scripts, *shell, &CompletionScript::shell);
      context.terminal.out_bytes(script->text);
      return 0;
    };
  });
  setup_answers(root, context);
}

}  // namespace ktx::cli
