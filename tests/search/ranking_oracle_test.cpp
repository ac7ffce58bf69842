#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "search_fixture.hpp"

namespace ktx::search {
namespace {

using test::Names;

/// Words that no stemmer changes. Some are parts of others, none is nearly another with the same first
/// letter.
const Names vocabulary = {"bravo", "xbravo", "delto", "foxo", "kilo",  "limo",
                          "mimo",  "xmimo",  "novo",  "oro",  "pavox", "zuluo"};

/// The ranking as the words of its definition say it, without an index: everything is counted anew.
class NaiveRanking {
 public:
  NaiveRanking(const std::vector<Document>& documents, const std::string& query, std::size_t limit)
      : documents_(documents),
        query_text_(query),
        limit_(limit),
        pool_(std::max<std::size_t>(25, 3 * limit)) {
    for (const std::string& word : words_of(query)) {
      if (std::ranges::find(query_, word) == query_.end()) query_.push_back(word);
    }
    beside_meanings_ = !semantic().empty();
  }

  std::vector<std::pair<std::size_t, double>> result() const {
    std::map<std::size_t, double> scores;
    add(scores, semantic(), 2);
    add(scores, dictionary(), 2);
    add(scores, lexical(), 1.5);
    add(scores, token(), 0.75);
    std::vector<std::pair<std::size_t, double>> order(scores.begin(), scores.end());
    std::ranges::stable_sort(order, [this](const auto& a, const auto& b) {
      return std::pair(is_named(a.first), a.second) > std::pair(is_named(b.first), b.second);
    });
    if (order.size() > limit_) order.resize(limit_);
    return order;
  }

 private:
  bool is_named(std::size_t document) const {
    const Names title = words_of(documents_[document].title);
    return std::set(title.begin(), title.end()) == std::set(query_.begin(), query_.end());
  }

  /// Beside meanings, that many of the query's words are too few.
  bool are_too_few(double words) const {
    return beside_meanings_ && words <= static_cast<double>(query_.size()) / 2;
  }

  using Goodness = std::vector<std::pair<std::vector<double>, std::size_t>>;

  static Names words_of(const std::string& text) {
    Names words;
    std::istringstream stream(text);
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
  }

  std::vector<std::size_t> ranked(Goodness goodness) const {
    std::ranges::stable_sort(goodness, [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::size_t> ranking;
    for (const auto& [good, document] : goodness) {
      if (ranking.size() < pool_) ranking.push_back(document);
    }
    return ranking;
  }

  static void add(std::map<std::size_t, double>& scores, const std::vector<std::size_t>& ranking,
                  double weight) {
    for (std::size_t i = 0; i < ranking.size(); ++i) {
      scores[ranking[i]] += weight / (60.0 + static_cast<double>(i + 1));
    }
  }

  std::vector<std::size_t> token() const {
    Goodness goodness;
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      double found = 0;
      for (const std::string& word : query_) {
        const Names words = words_of(documents_[i].text);
        const bool inside = std::ranges::any_of(
            words, [&](const std::string& other) { return other.find(word) != std::string::npos; });
        found += inside ? 1 : 0;
      }
      if (found == 0 || are_too_few(found)) continue;
      goodness.push_back({{found / static_cast<double>(query_.size())}, i});
    }
    return ranked(std::move(goodness));
  }

  /// BM25 as FTS5's page states it: k1 = 1.2, b = 0.75. A word of the title counts eight times.
  std::vector<std::size_t> lexical() const {
    double total = 0;
    std::vector<Names> texts;
    for (const Document& document : documents_) {
      texts.push_back(words_of(document.title + " " + document.text));
      total += static_cast<double>(texts.back().size());
    }
    const auto count = static_cast<double>(texts.size());
    Goodness goodness;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      double score = 0;
      double found = 0;
      for (const std::string& word : query_) {
        const auto with = static_cast<double>(std::ranges::count_if(
            texts, [&](const Names& text) { return std::ranges::count(text, word) > 0; }));
        const double idf = std::max(1e-6, std::log((count - with + 0.5) / (with + 0.5)));
        const Names title = words_of(documents_[i].title);
        const auto frequency =
            static_cast<double>(std::ranges::count(texts[i], word) + 7 * std::ranges::count(title, word));
        const auto length = static_cast<double>(texts[i].size());
        score += idf * ((frequency * (1.2 + 1.0)) /
                        (frequency + 1.2 * (1 - 0.75 + 0.75 * length / (total / count))));
        found += frequency > 0 ? 1 : 0;
      }
      if (found > 0 && !are_too_few(found)) goodness.push_back({{score}, i});
    }
    return ranked(std::move(goodness));
  }

  std::vector<std::size_t> dictionary() const {
    Goodness goodness;
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      double best = 0;
      std::set<std::string> named;
      for (const ColumnValue& value : documents_[i].enum_values) {
        const Names words = words_of(value.value);
        double found = 0;
        for (const std::string& word : words) {
          if (std::ranges::find(query_, word) == query_.end()) continue;
          found += 1;
          named.insert(word);
        }
        best = std::max(best, found / static_cast<double>(words.size()));
      }
      const auto words = static_cast<double>(named.size());
      if (best == 1 || (best > 0 && !are_too_few(words))) goodness.push_back({{best, words}, i});
    }
    return ranked(std::move(goodness));
  }

  std::vector<std::size_t> semantic() const {
    Goodness goodness;
    const auto query = test::fake_vector(query_text_, 8);
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      const auto vector = test::fake_vector(documents_[i].meaning, 8);
      double product = 0;
      double left = 0;
      double right = 0;
      for (std::size_t k = 0; k < 8; ++k) {
        product += double{query[k]} * vector[k];
        left += double{query[k]} * query[k];
        right += double{vector[k]} * vector[k];
      }
      const double similarity = product == 0 ? 0 : product / (std::sqrt(left) * std::sqrt(right));
      if (similarity > 0) goodness.push_back({{similarity}, i});
    }
    return ranked(std::move(goodness));
  }

  const std::vector<Document>& documents_;
  std::string query_text_;
  std::size_t limit_;
  std::size_t pool_;
  Names query_;
  bool beside_meanings_ = false;
};

class RankingOracleTest : public testing::Test {
 protected:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  std::string phrase(std::size_t most) {
    std::string text;
    for (std::size_t count = 1 + below(most); count > 0; --count) {
      text += (text.empty() ? "" : " ") + vocabulary[below(vocabulary.size())];
    }
    return text;
  }

  void fill(Document& document) {
    document.title = phrase(2);
    document.text = phrase(30);
    document.meaning = phrase(8);
    std::set<ColumnValue> values;
    for (std::size_t count = below(4); count > 0; --count) {
      values.insert({below(2) == 0 ? "colour" : "size", phrase(3)});
    }
    document.enum_values.assign(values.begin(), values.end());
  }

  /// Changes some sources, adds and removes others, as a project's days go.
  void change(std::map<std::pair<std::string, std::string>, Document>& model) {
    for (std::size_t count = 1 + below(12); count > 0; --count) {
      Document document;
      document.connection_id = below(2) == 0 ? "a" : "b";
      document.name = "s" + std::to_string(below(40));
      const std::pair key(document.connection_id, document.name);
      if (below(5) == 0) {
        model.erase(key);
      } else {
        fill(document);
        model[key] = document;
      }
    }
  }

  std::mt19937 random_{20260521};  // NOLINT(cert-msc51-cpp): the same models each time
};

TEST_F(RankingOracleTest, AgreesWithANaiveRankingOnRandomModels) {
  const ktx::test::TemporaryDirectory folder;
  project::Project project;
  project.directory = folder.path();
  const Environment environment;
  test::FakeModel fake;
  std::map<std::pair<std::string, std::string>, Document> model;
  std::size_t hits = 0;
  for (int round = 0; round < 120; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    change(model);
    std::vector<Document> documents;
    for (const auto& [key, document] : model) documents.push_back(document);
    for (int question = 0; question < 3; ++question) {
      Request request{.query = phrase(5)};
      request.limit = 1 + below(20);
      const Answer answer = search(project, environment, documents, request, test::embeddings_by(fake));
      EXPECT_TRUE(answer.notes.empty());
      const auto expected = NaiveRanking(documents, request.query, request.limit).result();
      ASSERT_EQ(answer.hits.size(), expected.size()) << request.query;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(answer.hits[i].document, expected[i].first) << request.query << ", place " << i;
        EXPECT_DOUBLE_EQ(answer.hits[i].score, expected[i].second) << request.query << ", place " << i;
      }
      hits += expected.size();
    }
  }
  EXPECT_GT(hits, 1000U);
}

}  // namespace
}  // namespace ktx::search
