#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::search {

/// What a word is, for every lane: FTS5's `unicode61` with symbols such as emoji as letters of words. Folds
/// case and takes accents off. It stands in the index's tables too.
inline constexpr const char* word_rule = "unicode61 remove_diacritics 2 categories 'L* N* Co So'";

/// Splits text into words as FTS5 does, with its own tokenizer, so that what is compared here and what is
/// found there agree.
class WordSplitter {
 public:
  /// `database` is any open one; it must outlive this. Throws `SqliteFailure` when it has no FTS5.
  explicit WordSplitter(sqlite3* database);

  /// The words in the order of the text, folded. Bytes that are no UTF-8, and NUL, part words.
  std::vector<std::string> split(std::string_view text) const;

 private:
  fts5_tokenizer methods_{};
  std::shared_ptr<Fts5Tokenizer> tokenizer_;
};

/// The different words that a query is about, in order, at most `most_query_words`.
std::vector<std::string> query_words(const WordSplitter& splitter, std::string_view query);

/// A longer query is searched by its first words: more of them tell no source from another.
inline constexpr std::size_t most_query_words = 256;

/// An FTS5 expression that finds the rows with any of the words, which must not be none. Nothing in a word
/// is understood as syntax.
std::string any_of_words(const std::vector<std::string>& words);

}  // namespace ktx::search
