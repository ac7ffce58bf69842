#include "words.hpp"

#include <gtest/gtest.h>

#include <random>

#include "search_fixture.hpp"
#include "sqlite_connection.hpp"

namespace ktx::search {
namespace {

using test::Names;

class WordsTest : public testing::Test {
 protected:
  SqliteConnection database_ = SqliteConnection::in_memory();
  WordSplitter splitter_{database_.handle()};
};

TEST_F(WordsTest, AreFoldedAndPartedAsFts5DoesIt) {
  EXPECT_EQ(splitter_.split("Order_items, BÜCHER! café"), (Names{"order", "items", "bucher", "cafe"}));
  EXPECT_EQ(splitter_.split("订单 🚀 x"), (Names{"订单", "🚀", "x"}));
  EXPECT_TRUE(splitter_.split("").empty());
  EXPECT_TRUE(splitter_.split("\"'()*:^-+ .,").empty());
}

TEST_F(WordsTest, NulAndBrokenBytesPartWords) {
  EXPECT_EQ(splitter_.split(std::string("a\0b", 3)), (Names{"a", "b"}));
  EXPECT_EQ(splitter_.split("a\xFF"
                            "b\xE4\xBA"),
            (Names{"a", "b"}));
}

TEST_F(WordsTest, LoseTheirEndingsAsInTheIndex) {
  const WordSplitter stemmer(database_.handle(), WordSplitter::Endings::removed);
  EXPECT_EQ(stemmer.split("Orders, ordered CAFÉS"), (Names{"order", "order", "cafe"}));
}

TEST_F(WordsTest, OfAQueryAreDifferentAndBounded) {
  EXPECT_EQ(query_words(splitter_, "Paid paid PAID orders"), (Names{"paid", "orders"}));
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "w" + std::to_string(i) + " ";
  const auto words = query_words(splitter_, many);
  EXPECT_EQ(words.size(), most_query_words);
  EXPECT_EQ(words.back(), "w255");
}

TEST_F(WordsTest, MakeAnExpressionWithoutSyntax) {
  EXPECT_EQ(any_of_words({"a"}), R"("a")");
  EXPECT_EQ(any_of_words({"near", "x\"y"}), R"("near" OR "x""y")");
}

/// Whatever somebody types is a question, never a syntax error and never an operator.
TEST_F(WordsTest, OfAnyTextAreUnderstoodByFts5) {
  database_.run("CREATE VIRTUAL TABLE t USING fts5(text, tokenize = \"porter " + std::string(word_rule) +
                "\")");
  database_.run("INSERT INTO t VALUES ('near orders'), ('nothing')");
  SqliteStatement find = database_.prepare("SELECT count(*) FROM t WHERE t MATCH ?1");
  const auto count = [&](const std::string& query) -> std::int64_t {
    const auto words = query_words(splitter_, query);
    if (words.empty()) return 0;
    find.bind(1, any_of_words(words)).step();
    const std::int64_t found = find.integer(0);
    find.reset();
    return found;
  };
  EXPECT_EQ(count("orders"), 1);
  EXPECT_EQ(count("NEAR(orders"), 1);
  EXPECT_EQ(count("text : nothing"), 1);
  EXPECT_EQ(count("NOT nothing*"), 1);
  EXPECT_EQ(count("\"unclosed AND (("), 0);
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same texts each time
  const std::string alphabet = std::string("aO\"'*():^{}-+,. \0\n\t\xFF\xC3\xBC\xE8\xAE\xA2", 24);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (std::size_t length = random() % 30; length > 0; --length)
      text += alphabet[random() % alphabet.size()];
    EXPECT_NO_THROW(count(text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace ktx::search
