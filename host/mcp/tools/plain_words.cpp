#include "plain_words.hpp"

#include <algorithm>
#include <utility>

#include "ktx/search/document.hpp"
#include "ktx/util/text.hpp"

namespace ktx::mcp {
namespace {

// "regions" and "region" are the same word here.
bool is_same_word(std::string_view one, std::string_view other) {
  const auto stem = [](std::string_view word) {
    if (word.size() > 4 && word.ends_with("ies")) return std::string(word.substr(0, word.size() - 3)) + "y";
    if (word.size() > 3 && word.ends_with('s')) word.remove_suffix(1);
    return std::string(word);
  };
  return stem(one) == stem(other);
}

}  // namespace

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : lower_case(text) + " ") {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte >= 0x80;
    if (is_letter) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

bool has_word(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::any_of(words, [&](const std::string& one) { return is_same_word(one, word); });
}

bool has_all(const std::vector<std::string>& words, const std::vector<std::string>& wanted) {
  return !wanted.empty() &&
         std::ranges::all_of(wanted, [&](const std::string& word) { return has_word(words, word); });
}

std::vector<std::string> own_words(const std::string& source, const std::string& name) {
  const bool is_name_of_row = name == "name" || name == "title" || name == "label";
  std::vector<std::string> words = words_of(search::title_of(is_name_of_row ? source : name));
  // "order_count" is what a question calls orders.
  const auto counts = [](const std::string& word) {
    return word == "count" || word == "number" || word == "total" || word == "per" || word == "of";
  };
  if (!std::ranges::all_of(words, counts)) std::erase_if(words, counts);
  return words;
}

}  // namespace ktx::mcp
