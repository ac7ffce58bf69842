#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "index.hpp"
#include "lanes.hpp"
#include "words.hpp"

namespace ktx::search {

/// What is searched for, as the lanes take it.
class Question {
 public:
  /// `text` is as it was typed.
  Question(const WordSplitter& splitter, std::string text);

  /// The distinct words that say something, folded. Words such as "how" and "the" are among them only if
  /// there are no others.
  const std::vector<std::string>& words() const { return words_; }

  /// All distinct words, those that say nothing too.
  const std::vector<std::string>& all_words() const { return all_words_; }

  /// What is embedded: the text as typed, then the words that were meant by its slips. Typed words stay, for
  /// a rare word may be no slip.
  std::string meant_text() const;

  /// Replaces each word that nothing in the index has, and that is nearly one of the documents' words, by
  /// that word. "custmers" becomes "customers".
  void mend_slips(Index& index, const DocumentNumbers& numbers);

  /// What `mend_slips` did, one line for each word.
  std::vector<std::string> notes() const;

 private:
  void replace(const std::string& word, const std::string& meant);

  std::string text_;
  std::vector<std::string> all_words_;
  std::vector<std::string> words_;
  std::vector<std::pair<std::string, std::string>> mended_;
};

/// The documents, of those that `found` lists, whose name is what was asked for, whatever the order and the
/// English endings of its words. `titles` are by the number of the document.
std::vector<std::size_t> named_by(const Question& question, const Index& index, const Ranking& found,
                                  const std::vector<std::string_view>& titles);

}  // namespace ktx::search
