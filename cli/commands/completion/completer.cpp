#include "completion/completer.hpp"

#include "completion/option_values.hpp"
#include "completion/parsed_line.hpp"
#include "context.hpp"
#include "help/command_tree.hpp"

namespace ktx::cli {
namespace {

bool may_come_again(const CLI::Option& option) {
  return option.get_expected_max() > 1 || option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
}

Candidates option_names(const ParsedLine& line) {
  Candidates names;
  for (const CLI::App* app = line.command; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : visible_options(*app)) {
      // Of the commands above only global options may follow.
      const bool own = app == line.command || option->get_group() == global_options;
      const std::string form = option_forms(*option).back();
      if (own && (!line.options.contains(form) || may_come_again(*option))) {
        names.push_back({form, option->get_description()});
      }
    }
  }
  return names;
}

Candidates command_names(const CLI::App& command) {
  Candidates names;
  for (const CLI::App* child : visible_commands(command)) {
    names.push_back({child->get_name(), child->get_description()});
  }
  return names;
}

// The argument that the word at the cursor belongs to. The last one may take many words.
const CLI::Option* next_argument(const ParsedLine& line) {
  const auto arguments = arguments_of(*line.command);
  if (line.arguments.size() < arguments.size()) return arguments[line.arguments.size()];
  if (!arguments.empty() && arguments.back()->get_expected_max() > 1) return arguments.back();
  return nullptr;
}

// The commands below those that `ktx help` was given.
Candidates help_topics(const CLI::App& root, const std::vector<std::string>& words) {
  return command_names(*parse_line(root, words).command);
}

CompletionAnswer answer_word(const CLI::App& root, const ParsedLine& line, const std::string& current,
                             const Environment& environment) {
  CompletionAnswer answer;
  if (!line.only_arguments && current.starts_with("-")) {
    answer.candidates = option_names(line);
    return answer;
  }
  if (full_name(*line.command) == "ktx help") {
    answer.candidates = help_topics(root, line.arguments);
    return answer;
  }
  if (const CLI::Option* argument = next_argument(line)) {
    answer = option_values(*argument, line, current, environment);
  }
  if (line.arguments.empty() && !line.only_arguments) {
    const Candidates commands = command_names(*line.command);
    answer.candidates.insert(answer.candidates.begin(), commands.begin(), commands.end());
  }
  return answer;
}

// For `--limit=1`: the values, each after the `--limit=` that was typed.
CompletionAnswer answer_assignment(const ParsedLine& line, const std::string& current,
                                   const Environment& environment) {
  const auto equals = current.find('=');
  const CLI::Option* option = find_option(*line.command, current.substr(0, equals));
  if (option == nullptr) return {};
  CompletionAnswer answer = option_values(*option, line, current.substr(equals + 1), environment);
  for (Candidate& candidate : answer.candidates) {
    candidate.value.insert(0, current, 0, equals + 1);
    if (!candidate.typed.empty()) candidate.typed.insert(0, current, 0, equals + 1);
  }
  return answer;
}

CompletionAnswer answer_for(const CLI::App& root, const TypedWords& words, const Environment& environment) {
  const ParsedLine line = parse_line(root, words.before);
  if (line.pending != nullptr) return option_values(*line.pending, line, words.current, environment);
  const bool assigns = words.current.starts_with("--") && words.current.find('=') != std::string::npos;
  if (assigns && !line.only_arguments) return answer_assignment(line, words.current, environment);
  return answer_word(root, line, words.current, environment);
}

// Splits a line character by character. While a quote is open, bash replaces the word from the quote on, so
// `kept` moves there and back.
class LineSplitter {
 public:
  explicit LineSplitter(std::string_view breaks) : breaks_(breaks) {}

  void take(char letter) {
    if (escaped_) {
      append(letter);
      escaped_ = false;
    } else if (letter == '\\' && quote_ != '\'') {
      begin_word();
      escaped_ = true;
    } else if (quote_ != 0) {
      take_quoted(letter);
    } else if (letter == '\'' || letter == '"') {
      begin_word();
      quote_ = letter;
      kept_before_quote_ = words_.kept;
      words_.kept = words_.current.size();
    } else if (letter == ' ' || letter == '\t' || letter == '\n') {
      end_word();
    } else {
      append(letter);
      // bash takes a new word here and inserts only what follows.
      if (breaks_.find(letter) != std::string_view::npos) words_.kept = words_.current.size();
    }
  }

  TypedWords finish() && {
    words_.quote = quote_;
    if (!words_.before.empty()) words_.before.erase(words_.before.begin());  // the program's name
    return std::move(words_);
  }

 private:
  void take_quoted(char letter) {
    if (letter != quote_) {
      append(letter);
      return;
    }
    quote_ = 0;
    words_.kept = kept_before_quote_;
  }

  void begin_word() { in_word_ = true; }

  void append(char letter) {
    begin_word();
    words_.current += letter;
  }

  void end_word() {
    if (in_word_) words_.before.push_back(std::move(words_.current));
    words_.current.clear();
    words_.kept = 0;
    in_word_ = false;
  }

  std::string_view breaks_;
  TypedWords words_;
  bool in_word_ = false;
  bool escaped_ = false;
  char quote_ = 0;  ///< the open one
  std::size_t kept_before_quote_ = 0;
};

}  // namespace

CompletionAnswer complete(const CLI::App& root, const TypedWords& words, const Environment& environment) {
  CompletionAnswer answer = answer_for(root, words, environment);
  const std::string_view kept = std::string_view(words.current).substr(0, words.kept);
  std::erase_if(answer.candidates, [&](const Candidate& one) {
    return !one.goes_on(words.current) || !one.value.starts_with(kept);
  });
  return answer;
}

TypedWords split_line(std::string_view line, std::string_view breaks) {
  LineSplitter splitter(breaks);
  for (const char letter : line) splitter.take(letter);
  return std::move(splitter).finish();
}

}  // namespace ktx::cli
