#include "sl/query_file.hpp"

#include <gtest/gtest.h>

#include "ktx/util/error.hpp"

namespace ktx::cli {
namespace {

std::string fault_of(const std::string& text) {
  try {
    parse_query(text, "q.json");
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

TEST(QueryFile, HoldsAWholeQuery) {
  const semantic::Query query = parse_query(
      R"json({"measures": ["orders.n", {"expr": "sum(orders.x)", "name": "total"}], "dimensions": ["orders.status",
          {"field": "orders.day", "granularity": "month"}], "filters": ["a > 1"], "segments": ["orders.paid"],
          "order_by": ["orders.n", {"field": "orders.status", "direction": "desc"}], "limit": 0,
          "include_empty": false, "fill": true, "each_once": true, "join_path": [["orders", "customers"]]
})json",
      "q.json");
  ASSERT_EQ(query.measures.size(), 2U);
  EXPECT_EQ(query.measures[0].expr, "orders.n");
  EXPECT_EQ(query.measures[1].name, "total");
  ASSERT_EQ(query.dimensions.size(), 2U);
  EXPECT_EQ(query.dimensions[1].granularity, "month");
  EXPECT_EQ(query.filters, std::vector<std::string>{"a > 1"});
  EXPECT_EQ(query.segments, std::vector<std::string>{"orders.paid"});
  ASSERT_EQ(query.order_by.size(), 2U);
  EXPECT_EQ(query.order_by[1].direction, "desc");
  EXPECT_EQ(query.limit, 0);
  EXPECT_EQ(query.include_empty, false);
  EXPECT_TRUE(query.fill);
  EXPECT_TRUE(query.each_once);
  EXPECT_EQ(query.join_path, (std::vector<std::vector<std::string>>{{"orders", "customers"}}));
}

TEST(QueryFile, AKeyThatStandsTwiceIsRefused) {
  EXPECT_EQ(fault_of("{\"measures\": [\"a\"],\n  \"measures\": [\"b\"]}"),
            "q.json:2:3: the key \"measures\" stands here a second time");
  EXPECT_EQ(fault_of(R"({"measures": [{"expr": "a", "name": "\"", "\u006eame": "n"}]})"),
            "q.json:1:43: the key \"name\" stands here a second time");
  EXPECT_EQ(fault_of(R"({"measures": [{"expr": "measures"}, {"expr": "b:{"}], "filters": ["measures"]})"),
            "no error");
}

TEST(QueryFile, EveryFaultHasItsPlace) {
  EXPECT_EQ(fault_of("[]"), "q.json: the query must be an object");
  EXPECT_EQ(fault_of("{}"), "q.json: measures must hold at least one measure");
  EXPECT_EQ(fault_of(R"({"measures": "a"})"), "q.json: measures must be a list");
  EXPECT_EQ(fault_of(R"({"measures": ["a", 3]})"),
            "q.json: measures[1] must be text or an object with expr and name");
  EXPECT_EQ(fault_of(R"({"measures": [{"name": "n"}]})"), "q.json: measures[0].expr is missing");
  EXPECT_EQ(fault_of(R"({"measures": ["a"], "dimension": []})"),
            "q.json: dimension is no member of a query; did you mean dimensions?");
  EXPECT_EQ(fault_of(R"({"measures": ["a"], "dimensions": [{"field": "d", "granularty": "day"}]})"),
            "q.json: dimensions[0].granularty is no member of a query; did you mean granularity?");
  EXPECT_EQ(fault_of(R"({"measures": ["a"], "order_by": ["a", {"field": "a", "direction": "up"}]})"),
            "q.json: order_by[1].direction must be asc or desc");
  EXPECT_EQ(fault_of(R"({"measures": ["a"], "limit": null})"),
            "q.json: limit must be a whole number that is not negative");
  EXPECT_EQ(fault_of(R"({"measures": ["a"], "limit": -1})"),
            "q.json: limit must be a whole number that is not negative");
  EXPECT_EQ(fault_of(R"({"measures": ["a"], "include_empty": 1})"),
            "q.json: include_empty must be true or false");
  EXPECT_EQ(fault_of(R"({"measures": ["a"], "fill": "yes"})"), "q.json: fill must be true or false");
  EXPECT_EQ(fault_of(R"({"measures": ["a"], "each_once": 1})"), "q.json: each_once must be true or false");
  EXPECT_EQ(fault_of(R"({"measures": ["a"], "join_path": [["orders"]]})"),
            "q.json: join_path[0] must name at least two sources");
  EXPECT_EQ(fault_of("{\n  \"measures\": [\n").substr(0, 32), "q.json is not valid JSON: parse ");
}

}  // namespace
}  // namespace ktx::cli
