#include "lanes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "embedder.hpp"

namespace ktx::search {
namespace {

// A word in the name weighs more than many in the text: a source is about what it is named after.
constexpr int title_weight = 8;

// A candidate and its quality; `second` decides between equal `first`.
struct Judged {
  double first = 0;
  double second = 0;
  Candidate candidate;
};

std::optional<std::size_t> number_of(const DocumentNumbers& numbers, const SqliteStatement& row) {
  const auto found = numbers.find({row.text(0), row.text(1)});
  // The index may hold sources of other connections.
  if (found == numbers.end()) return std::nullopt;
  return found->second;
}

Ranking best_of(std::vector<Judged> judged, std::size_t pool) {
  std::ranges::sort(judged, [](const Judged& left, const Judged& right) {
    if (left.first != right.first) return left.first > right.first;
    if (left.second != right.second) return left.second > right.second;
    return left.candidate.document < right.candidate.document;
  });
  if (judged.size() > pool) judged.resize(pool);
  Ranking ranking;
  ranking.reserve(judged.size());
  for (Judged& entry : judged) ranking.push_back(std::move(entry.candidate));
  return ranking;
}

// Whether `count` is more than half of the words.
bool is_most(std::size_t count, const std::vector<std::string>& words) { return 2 * count > words.size(); }

// The values of one source that share a word with the query.
class ValueMatches {
 public:
  // Takes a value whose words are `value_words`.
  void add(const std::string& column, const std::string& value, const std::vector<std::string>& value_words,
           const std::set<std::string>& query) {
    std::size_t found = 0;
    for (const std::string& word : value_words) {
      if (!query.contains(word)) continue;
      ++found;
      words_.insert(word);
    }
    if (found == 0) return;
    const double share = static_cast<double>(found) / static_cast<double>(value_words.size());
    best_ = std::max(best_, share);
    values_.push_back({share, {column, value}});
  }

  bool empty() const { return values_.empty(); }
  bool names_one() const { return best_ == 1; }        ///< a value in full
  std::size_t words() const { return words_.size(); }  ///< how many of the query's words were found

  Judged judge(std::size_t document) {
    std::ranges::sort(values_, [](const Share& left, const Share& right) {
      return left.first != right.first ? left.first > right.first : left.second < right.second;
    });
    // After the sort: the best ones are shown.
    if (values_.size() > most_shown) values_.resize(most_shown);
    Judged judged{best_, static_cast<double>(words_.size()), {document}};
    for (const auto& [share, value] : values_) append(judged.candidate.values, value);
    return judged;
  }

 private:
  using Share = std::pair<double, ColumnValue>;
  // As many as help a reader; ranking uses all of them.
  static constexpr std::size_t most_shown = 10;

  static void append(std::vector<DictionaryMatch>& matches, const ColumnValue& value) {
    auto match = std::ranges::find(matches, value.column, &DictionaryMatch::column);
    if (match == matches.end()) match = matches.insert(match, {value.column, {}});
    match->values.push_back(value.value);
  }

  std::vector<Share> values_;
  std::set<std::string> words_;
  double best_ = 0;
};

}  // namespace

namespace {

// How many of the query's words each row of the texts has, by the row's id.
std::map<std::int64_t, std::size_t> counted_words(Index& index, const std::vector<std::string>& words) {
  SqliteStatement rows =
      index.database().prepare("SELECT rowid FROM local_sl_sources_fts WHERE local_sl_sources_fts MATCH ?1");
  std::map<std::int64_t, std::size_t> counts;
  for (const std::string& word : words) {
    rows.bind(1, any_of_words({word}));
    while (rows.step()) ++counts[rows.integer(0)];
    rows.reset();
  }
  return counts;
}

}  // namespace

Ranking lexical_ranking(Index& index, const WordSearch& search) {
  if (search.words.empty()) return {};
  std::map<std::int64_t, std::size_t> counts;
  if (search.strict) counts = counted_words(index, search.words);
  SqliteStatement rows = index.database().prepare(
      "SELECT s.connection_id, s.name, bm25(local_sl_sources_fts, " + std::to_string(title_weight) +
      ", 1.0), s.id FROM local_sl_sources_fts "
      "JOIN local_sl_sources AS s ON s.id = local_sl_sources_fts.rowid WHERE local_sl_sources_fts MATCH ?1");
  rows.bind(1, any_of_words(search.words));
  std::vector<Judged> judged;
  while (rows.step()) {
    if (search.strict && !is_most(counts[rows.integer(3)], search.words)) continue;
    // bm25 is smaller for better matches.
    if (const auto number = number_of(search.numbers, rows)) judged.push_back({-rows.real(2), 0, {*number}});
  }
  return best_of(std::move(judged), search.pool);
}

Ranking token_ranking(Index& index, const WordSearch& search) {
  if (search.words.empty()) return {};
  SqliteStatement rows = index.database().prepare("SELECT connection_id, name, words FROM local_sl_sources");
  std::vector<Judged> judged;
  while (rows.step()) {
    const auto number = number_of(search.numbers, rows);
    if (!number) continue;
    const std::string text = rows.text(2);
    Candidate candidate{*number};
    for (const std::string& word : search.words) {
      if (text.find(word) != std::string::npos) candidate.words.push_back(word);
    }
    // Every document is searched for the same words, so the count orders as the share would.
    const std::size_t found = candidate.words.size();
    if (found == 0 || (search.strict && !is_most(found, search.words))) continue;
    judged.push_back({static_cast<double>(found), 0, std::move(candidate)});
  }
  return best_of(std::move(judged), search.pool);
}

Ranking dictionary_ranking(Index& index, const WordSearch& search) {
  if (search.words.empty()) return {};
  SqliteStatement rows = index.database().prepare(
      "SELECT s.connection_id, s.name, d.column_name, d.value FROM local_sl_dictionary_values_fts AS f "
      "JOIN local_sl_dictionary_values AS d ON d.id = f.rowid JOIN local_sl_sources AS s ON s.id = "
      "d.source_id "
      "WHERE local_sl_dictionary_values_fts MATCH ?1");
  rows.bind(1, any_of_words(search.words));
  // A value is named in full by words that say nothing too: "out of stock".
  const std::set<std::string> query(search.all_words.begin(), search.all_words.end());
  std::map<std::size_t, ValueMatches> matches;
  while (rows.step()) {
    const auto number = number_of(search.numbers, rows);
    if (!number) continue;
    const std::string value = rows.text(3);
    matches[*number].add(rows.text(2), value, index.splitter().split(value), query);
  }
  std::vector<Judged> judged;
  for (auto& [number, values] : matches) {
    const bool counts = !search.strict || values.names_one() || is_most(values.words(), search.words);
    if (!values.empty() && counts) judged.push_back(values.judge(number));
  }
  return best_of(std::move(judged), search.pool);
}

Ranking semantic_ranking(Index& index, const std::vector<float>& vector,
                         const semantic::EmbeddingModel& model, const DocumentNumbers& numbers,
                         std::size_t pool) {
  SqliteStatement rows = index.database().prepare(
      "SELECT connection_id, name, embedding FROM local_sl_sources "
      "WHERE embedding_backend = ?1 AND embedding_checksum = ?2 AND embedding IS NOT NULL");
  rows.bind(1, model.backend).bind(2, model.checksum);
  std::vector<Judged> judged;
  while (rows.step()) {
    const auto number = number_of(numbers, rows);
    if (!number) continue;
    const double similarity = cosine(vector, vector_of(rows.text(2)));
    if (similarity > 0) judged.push_back({similarity, 0, {*number, {}, similarity, {}}});
  }
  return best_of(std::move(judged), pool);
}

namespace {

// The usual constant of reciprocal-rank fusion: it keeps the first ranks from outweighing everything else.
constexpr double rank_offset = 60;
constexpr std::size_t smallest_pool = 25;

double weight_of(LaneKind lane, double semantic_weight) {
  switch (lane) {
    case LaneKind::semantic: return semantic_weight;
    case LaneKind::dictionary: return 2;
    case LaneKind::lexical: return 1.5;
    case LaneKind::token: return 0.75;
  }
  return 0;
}

void add_match(Hit& hit, const Candidate& candidate, LaneKind lane, double weight, std::size_t rank) {
  const double contribution = weight / (rank_offset + static_cast<double>(rank));
  hit.document = candidate.document;
  hit.score += contribution;
  hit.matches.push_back({lane, rank, contribution, candidate.words, candidate.similarity});
  hit.dictionary.insert(hit.dictionary.end(), candidate.values.begin(), candidate.values.end());
}

}  // namespace

std::size_t pool_size(std::size_t limit) { return std::max(smallest_pool, 3 * limit); }

std::vector<Hit> fuse(const std::array<Ranking, lane_count>& rankings, std::size_t limit,
                      double semantic_weight, const std::vector<std::size_t>& named) {
  std::map<std::size_t, Hit> by_document;
  for (std::size_t i = 0; i < lane_count; ++i) {
    const double weight = weight_of(all_lanes[i], semantic_weight);
    std::size_t rank = 0;
    for (const Candidate& candidate : rankings[i]) {
      add_match(by_document[candidate.document], candidate, all_lanes[i], weight, ++rank);
    }
  }
  std::vector<Hit> hits;
  for (auto& [document, hit] : by_document) hits.push_back(std::move(hit));
  std::ranges::stable_sort(hits, std::ranges::greater(), &Hit::score);
  std::ranges::stable_partition(
      hits, [&](const Hit& hit) { return std::ranges::find(named, hit.document) != named.end(); });
  if (hits.size() > limit) hits.resize(limit);
  return hits;
}

}  // namespace ktx::search
