#include <gtest/gtest.h>

#include "lanes.hpp"

namespace ktx::search {
namespace {

Ranking ranking(std::initializer_list<std::size_t> documents) {
  Ranking ranking;
  for (const std::size_t document : documents) ranking.push_back({document});
  return ranking;
}

TEST(Fusion, AddsWeightsOverRanks) {
  const auto hits = fuse({ranking({7}), ranking({3, 7}), ranking({7, 3}), ranking({1})}, 10);
  ASSERT_EQ(hits.size(), 3U);
  EXPECT_EQ(hits[0].document, 7U);
  EXPECT_DOUBLE_EQ(hits[0].score, 2.0 / 61 + 2.0 / 62 + 1.5 / 61);
  ASSERT_EQ(hits[0].matches.size(), 3U);
  EXPECT_EQ(hits[0].matches[1].lane, LaneKind::dictionary);
  EXPECT_EQ(hits[0].matches[1].rank, 2U);
  EXPECT_DOUBLE_EQ(hits[0].matches[1].contribution, 2.0 / 62);
  EXPECT_DOUBLE_EQ(hits[1].score, 2.0 / 61 + 1.5 / 62);
  EXPECT_DOUBLE_EQ(hits[2].score, 0.75 / 61);
}

TEST(Fusion, KeepsTheOrderOfTheDocumentsAmongEquals) {
  const auto hits = fuse({ranking({5}), ranking({2}), {}, {}}, 10);
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].document, 2U);
  EXPECT_EQ(hits[1].document, 5U);
}

TEST(Fusion, GivesNoMoreThanAskedFor) {
  EXPECT_EQ(fuse({ranking({1, 2, 3}), {}, {}, {}}, 2).size(), 2U);
  EXPECT_TRUE(fuse({}, 2).empty());
  EXPECT_EQ(pool_size(1), 25U);
  EXPECT_EQ(pool_size(8), 25U);
  EXPECT_EQ(pool_size(9), 27U);
}

}  // namespace
}  // namespace ktx::search
