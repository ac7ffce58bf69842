#include "ktx/util/shell_words.hpp"

namespace ktx {
namespace {

bool is_plain(const std::string& word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-";
  return !word.empty() && word.find_first_not_of(plain) == std::string::npos;
}

std::string shell_word(const std::string& word) {
  if (is_plain(word)) return word;
  // In double quotes, as people write them, unless the word has something that is special there too.
  if (!word.empty() && word.find_first_of("\"$`\\!\n") == std::string::npos) return "\"" + word + "\"";
  return single_quoted(word);
}

}  // namespace

std::string single_quoted(const std::string& word) {
  if (is_plain(word)) return word;
  std::string quoted = "'";
  // Nothing is special in single quotes; one of them ends the quotes, stands escaped, and opens them again.
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

std::string shell_command(const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) command += (command.empty() ? "" : " ") + shell_word(word);
  return command;
}

std::vector<std::string> words_of_command(std::string_view command) {
  std::vector<std::string> words;
  bool in_word = false;
  bool in_quotes = false;
  for (std::size_t at = 0; at < command.size(); ++at) {
    const char c = command[at];
    if (c == ' ' && !in_quotes) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == '\'') {
      in_quotes = !in_quotes;
    } else if (c == '\\' && !in_quotes && at + 1 < command.size()) {
      words.back() += command[++at];
    } else {
      words.back() += c;
    }
  }
  return words;
}

}  // namespace ktx
