#include "question.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "ktx/util/text.hpp"

namespace ktx::search {
namespace {

// English words that stand in questions about anything. Left out are words that are names too: it, us, may,
// can, will, off, down. In alphabetical order.
constexpr std::array function_words = std::to_array<std::string_view>(
    {"a",     "about",   "an",    "and",   "any",   "are",    "as",    "at",   "be",     "because", "been",
     "being", "between", "both",  "but",   "by",    "could",  "did",   "do",   "does",   "doing",   "during",
     "each",  "every",   "few",   "for",   "from",  "had",    "has",   "have", "having", "he",      "her",
     "here",  "him",     "his",   "how",   "i",     "if",     "in",    "into", "is",     "its",     "just",
     "many",  "me",      "might", "more",  "most",  "much",   "must",  "my",   "nor",    "of",      "on",
     "only",  "or",      "our",   "ours",  "she",   "should", "so",    "some", "such",   "than",    "that",
     "the",   "their",   "them",  "then",  "there", "these",  "they",  "this", "those",  "through", "to",
     "too",   "until",   "very",  "was",   "we",    "were",   "what",  "when", "where",  "whether", "which",
     "while", "who",     "whom",  "whose", "why",   "with",   "would", "you",  "your",   "yours"});
static_assert(std::ranges::is_sorted(function_words));

// Shorter words have too many neighbours that are words of their own.
constexpr std::size_t shortest_slip = 5;
constexpr std::size_t long_word = 10;

std::vector<std::string> saying_something(const std::vector<std::string>& words) {
  std::vector<std::string> saying;
  std::ranges::copy_if(words, std::back_inserter(saying), [](const std::string& word) {
    return !std::ranges::binary_search(function_words, std::string_view(word));
  });
  return saying.empty() ? words : saying;
}

// Only English letters: bytes are compared, and in other scripts a letter is several.
bool may_be_slip(std::string_view word) {
  return word.size() >= shortest_slip &&
         std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
}

// Whether some text or value of the index has the word, with any English ending.
bool is_indexed(Index& index, const std::string& word) {
  for (const char* table : {"local_sl_sources_fts", "local_sl_dictionary_values_fts"}) {
    SqliteStatement rows = index.database().prepare(std::string("SELECT 1 FROM ") + table + " WHERE " +
                                                    table + " MATCH ?1 LIMIT 1");
    rows.bind(1, any_of_words({word}));
    if (rows.step()) return true;
  }
  return false;
}

// How many letters of the longer text are left without what both begin and end with.
std::size_t length_of_difference(std::string_view a, std::string_view b) {
  const auto begins = std::ranges::mismatch(a, b);
  a.remove_prefix(static_cast<std::size_t>(begins.in1 - a.begin()));
  b.remove_prefix(static_cast<std::size_t>(begins.in2 - b.begin()));
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
  return std::max(a.size(), b.size());
}

// Whether `word` is probably a slip of the known one: one edit, or two in a long word. Of five letters, only
// two that are swapped: one edit makes "later" of "late".
bool is_slip_of(std::string_view word, std::string_view known) {
  if (!known.starts_with(word.front())) return false;
  const std::size_t allowed = word.size() < long_word ? 1 : 2;
  if (word.size() > known.size() + allowed || known.size() > word.size() + allowed) return false;
  // One edit, or two letters swapped. This tells most words apart, and costs less than their distance.
  if (allowed == 1 && length_of_difference(word, known) > 2) return false;
  if (word.size() == shortest_slip && !std::ranges::is_permutation(word, known)) return false;
  return edit_distance(word, known) <= allowed;
}

// For each unknown word, the known ones that it may be a slip of, with how many documents have them.
class Neighbours {
 public:
  explicit Neighbours(const std::vector<std::string>& unknown) {
    for (const std::string& word : unknown) found_[word];
  }

  // Takes the words of one document, divided by blanks. A word that stands inside another is no slip.
  void read(std::string_view text) {
    std::erase_if(found_, [&](const auto& entry) { return text.find(entry.first) != text.npos; });
    for (auto& [word, counts] : found_) {
      std::set<std::string_view> near;
      for (std::size_t start = 0; start < text.size(); ++start) {
        const std::size_t end = std::min(text.find(' ', start), text.size());
        const std::string_view known = text.substr(start, end - start);
        if (is_slip_of(word, known)) near.insert(known);
        start = end;
      }
      for (const std::string_view known : near) ++counts[std::string(known)];
    }
  }

  bool empty() const { return found_.empty(); }

  // The nearest; of equally near ones that of the most documents, then the first in the alphabet.
  std::map<std::string, std::string> nearest() const {
    std::map<std::string, std::string> nearest;
    for (const auto& [word, counts] : found_) {
      const auto best = std::ranges::min_element(counts, {}, [&](const auto& known) {
        return std::pair(edit_distance(word, known.first), -known.second);
      });
      if (best != counts.end()) nearest.emplace(word, best->first);
    }
    return nearest;
  }

 private:
  std::map<std::string, std::map<std::string, int>> found_;
};

std::set<std::string> stems_of(const Index& index, const std::vector<std::string>& words) {
  std::set<std::string> stems;
  for (const std::string& word : words) {
    for (std::string& stem : index.stemmer().split(word)) stems.insert(std::move(stem));
  }
  return stems;
}

}  // namespace

Question::Question(const WordSplitter& splitter, std::string text)
    : text_(std::move(text)),
      all_words_(query_words(splitter, text_)),
      words_(saying_something(all_words_)) {}

std::string Question::meant_text() const {
  std::string text = text_;
  for (const auto& [word, meant] : mended_) text.append(" ").append(meant);
  return text;
}

void Question::replace(const std::string& word, const std::string& meant) {
  mended_.emplace_back(word, meant);
  for (std::vector<std::string>* words : {&all_words_, &words_}) {
    std::ranges::replace(*words, word, meant);
    // The right word may stand beside the slip.
    const auto first = std::ranges::find(*words, meant);
    const auto rest = std::remove(std::next(first), words->end(), meant);
    words->erase(rest, words->end());
  }
}

void Question::mend_slips(Index& index, const DocumentNumbers& numbers) {
  std::vector<std::string> unknown;
  std::ranges::copy_if(words_, std::back_inserter(unknown), [&](const std::string& word) {
    return may_be_slip(word) && !is_indexed(index, word);
  });
  if (unknown.empty()) return;
  Neighbours neighbours(unknown);
  SqliteStatement rows = index.database().prepare("SELECT connection_id, name, words FROM local_sl_sources");
  while (!neighbours.empty() && rows.step()) {
    if (numbers.contains({rows.text(0), rows.text(1)})) neighbours.read(rows.text(2));
  }
  const auto nearest = neighbours.nearest();
  for (const std::string& word : unknown) {
    if (const auto meant = nearest.find(word); meant != nearest.end()) replace(word, meant->second);
  }
}

std::vector<std::string> Question::notes() const {
  std::vector<std::string> notes;
  for (const auto& [word, meant] : mended_) {
    std::string& note = notes.emplace_back("Nothing has the word \"");
    note.append(word).append("\"; searched for \"").append(meant).append("\"");
  }
  return notes;
}

std::vector<std::size_t> named_by(const Question& question, const Index& index, const Ranking& found,
                                  const std::vector<std::string_view>& titles) {
  const std::set<std::string> asked = stems_of(index, question.words());
  std::vector<std::size_t> named;
  for (const Candidate& candidate : found) {
    const Question title(index.splitter(), std::string(titles[candidate.document]));
    if (stems_of(index, title.words()) == asked) named.push_back(candidate.document);
  }
  return named;
}

}  // namespace ktx::search
