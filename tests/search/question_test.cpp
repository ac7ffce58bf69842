#include "question.hpp"

#include <gtest/gtest.h>

#include "search_fixture.hpp"

namespace ktx::search {
namespace {

using test::Names;

class QuestionTest : public test::SearchTest {
 protected:
  QuestionTest() {
    write_source("returns",
                 "description: Goods that came back from customers\ntable: r\ngrain: [id]\n"
                 "columns: [{ name: id, type: number }]\n");
  }

  static Question question(const std::string& text) {
    static const SqliteConnection database = SqliteConnection::in_memory();
    return {WordSplitter(database.handle()), text};
  }

  /// What a search says that it looked for instead.
  Names notes(const std::string& query) const { return search(query).notes; }
};

TEST_F(QuestionTest, LeavesOutWordsThatSayNothing) {
  EXPECT_EQ(question("How MANY of the orders came back, and why?").words(),
            (Names{"orders", "came", "back"}));
  EXPECT_EQ(question("how many of the orders").all_words(), (Names{"how", "many", "of", "the", "orders"}));
  // Names, of a country or of a month.
  EXPECT_EQ(question("sales in the US in May").words(), (Names{"sales", "us", "may"}));
}

TEST_F(QuestionTest, KeepsThemWhenThereIsNothingElse) {
  EXPECT_EQ(question("the who").words(), (Names{"the", "who"}));
  EXPECT_TRUE(question(" - ").words().empty());
}

TEST_F(QuestionTest, FindsNothingByWordsThatSayNothing) {
  EXPECT_TRUE(found("how are these").empty());  // "who" and "by" stand in a description
  EXPECT_EQ(found("who came by"), (Names{"returns", "visits"}));
}

TEST_F(QuestionTest, MendsSlips) {
  EXPECT_EQ(found("custmers"), (Names{"returns"}));
  EXPECT_EQ(notes("custmers"), (Names{R"(Nothing has the word "custmers"; searched for "customers")"}));
  EXPECT_EQ(notes("Goosd of custmoers").size(), 2U);
  EXPECT_EQ(search("custmers of customers").hits[0].matches[1].words, (Names{"customers"}));
}

TEST_F(QuestionTest, LeavesWordsThatMayBeMeant) {
  EXPECT_TRUE(notes("customer custom returning").empty());  // endings and parts of words
  EXPECT_TRUE(notes("refunded store").empty());             // values
  EXPECT_TRUE(notes("god food goads").empty());             // too short for so many edits
  EXPECT_TRUE(notes("mustomers").empty());                  // another beginning
  EXPECT_TRUE(notes("cvstqmers").empty());                  // two edits of nine letters
  EXPECT_TRUE(notes("xyzzy 12345 订单订单").empty());
  EXPECT_TRUE(notes("").empty());
}

/// The words of documents that are not searched are no slips, and nothing is mended to them.
TEST_F(QuestionTest, MendsToWordsOfTheDocumentsThatAreSearched) {
  const auto project = project::load_project(folder_.path());
  Document page;
  page.connection_id = page_collection;
  page.name = page.title = page.text = page.meaning = "procurement";
  Request request{.query = "procurment"};
  request.connection_id = page_collection;
  const auto pages = ktx::search::search(project, environment_, {page}, request, test::no_embeddings());
  EXPECT_EQ(pages.hits.size(), 1U);
  EXPECT_TRUE(notes("procurment").empty());
}

/// However often others speak of it, and whatever values they have.
TEST_F(QuestionTest, FindsASourceByItsNameFirst) {
  const auto write_visits = [this](const std::string& value) {
    write_source("visits",
                 "description: Before orders, after orders, with orders or returns\ntable: v\ngrain: [id]\n"
                 "columns: [{ name: channel, type: string, enum_values: { dbt: [" +
                     value + "] } }]\n");
  };
  write_visits("orders");
  EXPECT_EQ(found("orders"), (Names{"orders", "visits"}));
  EXPECT_EQ(found("the order"), (Names{"orders", "visits"}));
  const Answer answer = search("orders");
  EXPECT_LT(answer.hits[0].score, answer.hits[1].score);  // which are the sums of the lanes all the same
  Request request{.query = "orders"};
  request.limit = 1;
  EXPECT_EQ(names(search(request)), (Names{"orders"}));
}

}  // namespace
}  // namespace ktx::search
