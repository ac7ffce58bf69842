#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::search {

/// What a word is, for every lane: FTS5's `unicode61`, which folds case and removes accents, with symbols
/// such as emoji as letters. The index's tables are declared with the same rule.
inline constexpr const char* word_rule = "unicode61 remove_diacritics 2 categories 'L* N* Co So'";

/// Splits text into words with FTS5's own tokenizer, so that words compared here equal the words that FTS5
/// finds.
class WordSplitter {
 public:
  enum class Endings : std::uint8_t { kept, removed };

  /// `database` is any open one; it must outlive this. With English endings removed, words are those of the
  /// texts' index: "orders" and "ordered" are "order". Throws `SqliteFailure` when it has no FTS5.
  explicit WordSplitter(sqlite3* database, Endings endings = Endings::kept);

  /// The words in the order of the text, folded. Bytes that are not UTF-8, and NUL, separate words.
  std::vector<std::string> split(std::string_view text) const;

 private:
  fts5_tokenizer methods_{};
  std::shared_ptr<Fts5Tokenizer> tokenizer_;
};

/// The distinct words of a query, in order, at most `most_query_words`.
std::vector<std::string> query_words(const WordSplitter& splitter, std::string_view query);

/// A longer query is searched by its first words: more words do not tell sources apart any better.
inline constexpr std::size_t most_query_words = 256;

/// An FTS5 expression that finds the rows with any of the words; `words` must not be empty. No character of a
/// word is taken for FTS5 syntax.
std::string any_of_words(const std::vector<std::string>& words);

}  // namespace ktx::search
