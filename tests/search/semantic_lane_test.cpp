#include <gtest/gtest.h>

#include <cmath>

#include "embedder.hpp"
#include "ktx/util/error.hpp"
#include "search_fixture.hpp"

namespace ktx::search {
namespace {

using test::Names;

class SemanticLaneTest : public test::SearchTest {
 protected:
  Answer ask(const std::string& query) {
    return search(Request{.query = query}, test::embeddings_by(model_));
  }

  /// The lane when asking fails because of `before_call` or `reply`.
  Lane failing() {
    const Answer answer = ask("revenue");
    EXPECT_EQ(names(answer), (Names{"orders"}));  // the other lanes answer
    return answer.lanes[0];
  }

  test::FakeModel model_;
};

TEST_F(SemanticLaneTest, RanksByTheCosine) {
  const Answer answer = ask("sold");
  EXPECT_EQ(answer.lanes[0].status, LaneStatus::available);
  EXPECT_EQ(answer.updated.vectors, 2U);
  ASSERT_FALSE(answer.hits.empty());
  const LaneMatch& match = answer.hits[0].matches[0];
  EXPECT_EQ(match.lane, LaneKind::semantic);
  const auto texts = documents();
  const auto query = test::fake_vector("sold", 8);
  EXPECT_DOUBLE_EQ(*match.similarity,
                   cosine(query, test::fake_vector(texts[answer.hits[0].document].meaning, 8)));
}

TEST_F(SemanticLaneTest, EmbedsWhatASourceMeans) {
  ask("one");
  ASSERT_EQ(model_.asked.size(), 2U);
  EXPECT_EQ(model_.asked[1], (Names{"orders. Everything sold.. revenue: Money in. status. table orders",
                                    "visits. Who came by. channel (web, store). table visits"}));
}

/// A vector is of the text that was embedded, and of no other.
TEST_F(SemanticLaneTest, EmbedsAgainWhenTheMeaningChanges) {
  const auto write_orders = [this](const std::string& described, const std::string& expression) {
    write_source("orders", "description: " + described +
                               "\ntable: orders\ngrain: [id]\ncolumns: [{ name: id, type: number }]\n"
                               "measures: [{ name: revenue, expr: " +
                               expression + " }]\n");
  };
  write_orders("Sold", "sum(a)");
  ask("one");
  write_orders("Sold", "sum(b)");
  UpdateCounts updated = ask("one").updated;
  EXPECT_EQ(updated.texts, 1U);
  EXPECT_EQ(updated.vectors, 0U);  // an expression is found by its words, and means nothing
  write_orders("Bought", "sum(b)");
  updated = ask("one").updated;
  EXPECT_EQ(updated.vectors, 1U);
  EXPECT_EQ(model_.asked.back(), Names{"orders. Bought. revenue. table orders"});
  // Segments are no part of the text that words search.
  write_orders("Bought", "sum(b) }]\nsegments: [{ name: late, expr: a > b");
  EXPECT_EQ(ask("one").updated.vectors, 1U);
  EXPECT_EQ(model_.asked.back(), Names{"orders. Bought. revenue. late. table orders"});
}

/// A word of a question of many must not outweigh what the whole of it means.
TEST_F(SemanticLaneTest, BesideItAreOnlyWordsThatAreMostOfTheQuestion) {
  const auto lanes = [](const Answer& answer) {
    std::vector<LaneKind> kinds;
    for (const LaneMatch& match : answer.hits.at(0).matches) kinds.push_back(match.lane);
    return kinds;
  };
  using enum LaneKind;
  EXPECT_EQ(lanes(search("revenue of oaks and roses")), (std::vector{lexical, token}));
  EXPECT_EQ(lanes(ask("revenue of oaks and roses")), (std::vector{semantic}));
  EXPECT_EQ(lanes(ask("revenue sold of oaks")), (std::vector{semantic, lexical, token}));
  // A value that is named in full is one, however much stands around it; a part of one is not.
  EXPECT_EQ(lanes(ask("oaks and roses that were refunded")), (std::vector{semantic, dictionary}));
  test::run_sql(database(), "INSERT INTO orders VALUES (4, 'rather late')");
  EXPECT_EQ(lanes(ask("late oaks and roses")), (std::vector{semantic}));
}

TEST_F(SemanticLaneTest, TakesTheWordThatASlipMeant) {
  ask("my revnue please");
  EXPECT_EQ(model_.asked[0], Names{"my revnue please revenue"});
}

TEST_F(SemanticLaneTest, EmbedsATextOnce) {
  ask("one");
  ask("two");
  ASSERT_EQ(model_.asked.size(), 3U);
  EXPECT_EQ(model_.asked[0], Names{"one"});
  EXPECT_EQ(model_.asked[1].size(), 2U);
  EXPECT_EQ(model_.asked[2], Names{"two"});
  write_source("visits", "table: v\ngrain: [id]\ncolumns: [{ name: id, type: number }]\n");
  EXPECT_EQ(ask("two").updated.vectors, 1U);
}

TEST_F(SemanticLaneTest, EmbedsAgainForAnotherModel) {
  ask("one");
  model_.checksum = "c2";
  EXPECT_EQ(ask("one").updated.vectors, 2U);
  model_.backend = "sentence-transformers";
  EXPECT_EQ(ask("one").updated.vectors, 2U);
  model_.dimensions = 4;
  EXPECT_EQ(ask("one").updated.vectors, 2U);
  EXPECT_EQ(ask("one").updated.vectors, 0U);
}

TEST_F(SemanticLaneTest, GoesOnWhereItWasInterrupted) {
  for (int i = 0; i < 150; ++i) {
    write_source("s" + std::to_string(i), "table: t\ngrain: [id]\ncolumns: [{ name: id, type: number }]\n");
  }
  int calls = 0;
  model_.before_call = [&calls] {
    if (++calls == 3) throw Error(ErrorKind::interpreter, "it went away\nand more", "Try again");
  };
  const Lane lane = ask("sold").lanes[0];
  EXPECT_EQ(lane.status, LaneStatus::skipped);
  EXPECT_EQ(lane.reason, "embedding_unhealthy:it went away; fix: Try again");
  model_.before_call = [] {};
  EXPECT_EQ(ask("sold").updated.vectors, 52U);
}

TEST_F(SemanticLaneTest, AFailureSkipsTheLaneOnly) {
  model_.before_call = [] { throw Error(ErrorKind::runtime_missing, "not installed", "install it"); };
  EXPECT_EQ(failing().reason, "embedding_unhealthy:not installed; fix: install it");
  model_.before_call = [] {};
  for (const char* reply :
       {R"({"ok":{"embeddings":[[1,2]]}})", R"({"ok":{"embeddings":[]}})", R"({"ok":{}})", "no JSON",
        R"({"ok":{"embeddings":[["a","b","c","d","e","f","g","h"]]}})", R"({"ok":{"embeddings":[7]}})",
        R"({"ok":{"embeddings":[[1e300,0,0,0,0,0,0,0]]}})"}) {
    model_.reply = reply;
    const Lane lane = failing();
    EXPECT_EQ(lane.status, LaneStatus::skipped) << reply;
    EXPECT_TRUE(lane.reason.starts_with("embedding_unhealthy:")) << lane.reason;
  }
  model_.reply = R"({"error":{"kind":"unsupported","message":"no model","fix":"install"}})";
  EXPECT_EQ(failing().reason, "embedding_unhealthy:no model; fix: install");
}

TEST_F(SemanticLaneTest, AnInterruptionEndsTheSearch) {
  model_.before_call = [] { throw Error(ErrorKind::interrupted, "stop"); };
  EXPECT_THROW(ask("sold"), Error);
}

TEST_F(SemanticLaneTest, IsSkippedWithItsReason) {
  const Answer answer = search("revenue");
  EXPECT_EQ(answer.lanes[0].status, LaneStatus::skipped);
  EXPECT_EQ(answer.lanes[0].reason, "embedding_unconfigured");
  EXPECT_EQ(model_.connections, 0);
}

TEST_F(SemanticLaneTest, AnEmptyQueryOrProjectNeedsNoVector) {
  ask("");
  std::filesystem::remove_all(folder_ / "semantic-layer");
  EXPECT_TRUE(ask("sold").hits.empty());
  EXPECT_EQ(model_.connections, 0);
}

TEST(Vectors, KeepTheirBits) {
  const std::vector<float> vector = {0.1F, -3.5e-20F, 7, 0};
  EXPECT_EQ(vector_of(to_bytes(vector)), vector);
  EXPECT_EQ(to_bytes({1.0F}), std::string("\0\0\x80\x3F", 4));
  EXPECT_TRUE(vector_of("").empty());
}

TEST(Vectors, HaveACosine) {
  EXPECT_DOUBLE_EQ(cosine({1, 0}, {1, 1}), 1 / std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(cosine({1, 0}, {-2, 0}), -1);
  EXPECT_EQ(cosine({1, 0}, {0, 0}), 0);
  EXPECT_EQ(cosine({1, 0}, {1}), 0);
}

}  // namespace
}  // namespace ktx::search
