// What agents are told of the fields of a model.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "temporary_directory.hpp"
#include "tool_calls.hpp"

namespace ktx::mcp {
namespace {

class ToolsOverFields : public testing::Test {
 protected:
  ToolsOverFields() {
    folder_.write("ktx.yaml", "project: p\nconnections:\n  shop: { driver: sqlite, path: shop.db }\n");
    folder_.write("semantic-layer/shop/orders.yaml",
                  "name: orders\ntable: orders\ngrain: [id]\ndefault_time_dimension: paid_at\ncolumns:\n"
                  "  - { name: id, type: number }\n  - { name: paid_at, type: time }\nmeasures:\n"
                  "  - { name: buyers, expr: count(id), label: People who bought }\n"
                  "  - { name: buyers_28d, cumulative: { of: buyers, window: 28 days } }\n"
                  "  - { name: raw_buyers, expr: count(id), visibility: hidden }\n");
  }

  // The fields of an answer by their references.
  Json fields(const std::string& tool, const Json& arguments, const std::string& list) {
    test::ToolCalls calls(folder_.path());
    Json found = Json::object();
    const ToolResult result = calls.call(tool, arguments);
    for (const Json& field : result.structured.at(list)) {
      found[field.at("reference").get<std::string>()] = field;
    }
    return found;
  }

  test::TemporaryDirectory folder_;
};

TEST_F(ToolsOverFields, AMeasureIsToldByWhatItIsMadeOfAndItsLabel) {
  const Json told = fields("entity_details", {{"names", {"orders"}}}, "fields");
  EXPECT_EQ(told.at("orders.buyers_28d").at("expr"), "cumulative(buyers, '28 days')");
  EXPECT_EQ(told.at("orders.buyers").at("expr"), "count(id)");
  EXPECT_EQ(told.at("orders.buyers").at("description"), "People who bought");
}

TEST_F(ToolsOverFields, AHiddenMeasureIsNotTold) {
  EXPECT_FALSE(fields("entity_details", {{"names", {"orders"}}}, "fields").contains("orders.raw_buyers"));
  const Json found = fields("sl_search", {{"query", "raw buyers"}, {"kinds", {"measure"}}}, "items");
  EXPECT_TRUE(found.contains("orders.buyers"));
  EXPECT_FALSE(found.contains("orders.raw_buyers"));
  test::ToolCalls calls(folder_.path());
  EXPECT_TRUE(calls.call("entity_details", {{"names", {"orders.raw_buyers"}}}).is_error);
}

TEST_F(ToolsOverFields, ALabelIsSearched) {
  const Json found = fields("sl_search", {{"query", "people bought"}, {"kinds", {"measure"}}}, "items");
  EXPECT_TRUE(found.contains("orders.buyers"));
}

TEST_F(ToolsOverFields, EachMeasuresOwnTimeIsFoundWhereASourceIsDated) {
  const Json asked = {{"query", "metric time"}, {"kinds", {"dimension"}}};
  EXPECT_EQ(fields("sl_search", asked, "items").at("metric_time").at("type"), "time");
  EXPECT_TRUE(fields("entity_details", {{"names", {"metric_time"}}}, "fields").contains("metric_time"));
  folder_.write("semantic-layer/shop/orders.yaml",
                "name: orders\ntable: orders\ngrain: [id]\ncolumns:\n  - { name: id, type: number }\n");
  EXPECT_FALSE(fields("sl_search", asked, "items").contains("metric_time"));
  test::ToolCalls calls(folder_.path());
  EXPECT_TRUE(calls.call("entity_details", {{"names", {"metric_time"}}}).is_error);
}

}  // namespace
}  // namespace ktx::mcp
