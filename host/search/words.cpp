#include "words.hpp"

#include <array>
#include <span>
#include <unordered_set>

#include "ktx/util/text.hpp"
#include "sqlite_connection.hpp"

namespace ktx::search {
namespace {

fts5_api* fts5_of(sqlite3* database) {
  // The documented way to FTS5's functions: the statement writes the API's address to the bound pointer.
  sqlite3_stmt* raw = nullptr;
  fts5_api* api = nullptr;
  if (sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &raw, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(raw, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(raw);
  }
  sqlite3_finalize(raw);
  if (api == nullptr) throw SqliteFailure{SQLITE_ERROR, "SQLite has no FTS5"};
  return api;
}

int append_word(void* words, int /*flags*/, const char* word, int size, int /*start*/, int /*end*/) {
  static_cast<std::vector<std::string>*>(words)->emplace_back(word, static_cast<std::size_t>(size));
  return SQLITE_OK;
}

// The text with a blank for every byte that is not UTF-8.
std::string well_formed(std::string_view text) {
  std::string copy(text);
  for (auto bad = first_invalid_utf8(copy); bad; bad = first_invalid_utf8(copy)) copy[*bad] = ' ';
  return copy;
}

}  // namespace

WordSplitter::WordSplitter(sqlite3* database, Endings endings) {
  fts5_api* api = fts5_of(database);
  void* context = nullptr;
  // "porter" removes endings, of what the tokenizer that it is given splits.
  const bool bare = endings == Endings::kept;
  int code = api->xFindTokenizer(api, bare ? "unicode61" : "porter", &context, &methods_);
  std::array<const char*, 5> arguments = {"unicode61", "remove_diacritics", "2", "categories", "L* N* Co So"};
  const auto own = std::span(arguments).subspan(bare ? 1 : 0);
  Fts5Tokenizer* tokenizer = nullptr;
  if (code == SQLITE_OK) {
    code = methods_.xCreate(context, own.data(), static_cast<int>(own.size()), &tokenizer);
  }
  if (code != SQLITE_OK) throw SqliteFailure{code, "SQLite has no tokenizer unicode61 or porter"};
  tokenizer_ = {tokenizer, methods_.xDelete};
}

std::vector<std::string> WordSplitter::split(std::string_view text) const {
  std::vector<std::string> words;
  const std::string copy = well_formed(text);
  methods_.xTokenize(tokenizer_.get(), &words, FTS5_TOKENIZE_DOCUMENT, copy.data(),
                     static_cast<int>(copy.size()), append_word);
  return words;
}

std::vector<std::string> query_words(const WordSplitter& splitter, std::string_view query) {
  std::vector<std::string> different;
  std::unordered_set<std::string> seen;
  for (std::string& word : splitter.split(query)) {
    if (different.size() == most_query_words) break;
    if (seen.insert(word).second) different.push_back(std::move(word));
  }
  return different;
}

std::string any_of_words(const std::vector<std::string>& words) {
  std::string expression;
  for (const std::string& word : words) {
    if (!expression.empty()) expression += " OR ";
    expression += '"';
    for (const char c : word) expression += c == '"' ? "\"\"" : std::string(1, c);
    expression += '"';
  }
  return expression;
}

}  // namespace ktx::search
