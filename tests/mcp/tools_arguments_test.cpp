#include <gtest/gtest.h>

#include <string>

#include "expect_error.hpp"
#include "temporary_directory.hpp"
#include "tool_calls.hpp"

namespace ktx::mcp {
namespace {

using test::TemporaryDirectory;
using test::ToolCalls;

void make_shop(const TemporaryDirectory& folder) {
  folder.write("ktx.yaml",
               "project: shop\nconnections:\n  shop: {driver: sqlite, path: shop.db, readonly: true}\n");
  folder.write("semantic-layer/shop/orders.yaml",
               "name: orders\ntable: orders\ngrain: [id]\ncolumns:\n  - {name: id, type: number}\n"
               "measures:\n  - {name: n, expr: count(*)}\n");
}

const Json& refusal(const ToolResult& result) {
  EXPECT_TRUE(result.is_error) << result.structured.dump();
  return result.structured.at("error");
}

Json refusal_of(ToolCalls& calls, const std::string& tool, const Json& arguments) {
  return refusal(calls.call(tool, arguments));
}

TEST(ToolArguments, AnUnknownOneIsNamedAndTheCallCorrected) {
  const TemporaryDirectory folder;
  make_shop(folder);
  ToolCalls calls(folder.path());
  for (const char* key : {"measure", "Measures", "--measures", "mesures"}) {
    const Json error = refusal_of(calls, "sl_query", {{key, {"orders.n"}}});
    EXPECT_EQ(error.at("kind"), "usage");
    EXPECT_EQ(error.at("did_you_mean"), Json::array({"measures"})) << key;
    EXPECT_EQ(error.at("corrected_call"),
              (Json{{"tool", "sl_query"}, {"arguments", {{"measures", {"orders.n"}}}}}));
  }
  const Json error = refusal_of(calls, "sl_list_sources", {{"connection_id", "shop"}});
  EXPECT_EQ(error.at("corrected_call").at("arguments"), (Json{{"connectionId", "shop"}}));
  EXPECT_FALSE(refusal_of(calls, "sl_list_sources", {{"zzz", 1}}).contains("corrected_call"));
}

TEST(ToolArguments, ACorrectionThatWouldNotFitIsNotOffered) {
  const TemporaryDirectory folder;
  make_shop(folder);
  ToolCalls calls(folder.path());
  // The other key is there already, or the value is of another type.
  EXPECT_FALSE(refusal_of(calls, "sl_query", {{"measures", {"orders.n"}}, {"measure", {"orders.m"}}})
                   .contains("corrected_call"));
  EXPECT_FALSE(refusal_of(calls, "sl_query", {{"measure", 7}}).contains("corrected_call"));
}

TEST(ToolArguments, NamesOfFilesAreCorrectedToo) {
  const TemporaryDirectory folder;
  make_shop(folder);
  folder.write("wiki/global/refunds.md", "---\nsummary: Refunds\n---\nText.\n");
  ToolCalls calls(folder.path());
  const auto corrected = [&](const std::string& tool, const Json& arguments) {
    return refusal_of(calls, tool, arguments).at("corrected_call").at("arguments");
  };
  EXPECT_EQ(corrected("sl_read_source", {{"sourceName", "order"}}), (Json{{"sourceName", "orders"}}));
  EXPECT_EQ(corrected("sl_list_sources", {{"connectionId", "shp"}}), (Json{{"connectionId", "shop"}}));
  EXPECT_EQ(corrected("wiki_read", {{"key", "refund"}}), (Json{{"key", "refunds"}}));
  EXPECT_EQ(corrected("entity_details", {{"names", {"orders", "orders.nn"}}}),
            (Json{{"names", {"orders", "orders.n"}}}));
  EXPECT_EQ(corrected("sl_search", {{"query", "x"}, {"kinds", {"mesure"}}}),
            (Json{{"query", "x"}, {"kinds", {"measure"}}}));
}

TEST(ToolArguments, ARefusalKeepsToTheBudget) {
  const TemporaryDirectory folder;
  make_shop(folder);
  ToolCalls calls(folder.path());
  const std::string long_name(3000, 'n');
  for (const Json& arguments : {Json{{"sourceName", long_name}, {"max_tokens", 200}},
                                Json{{long_name, "orders"}, {"max_tokens", 200}}}) {
    const ToolResult result = calls.call("sl_read_source", arguments);
    refusal(result);
    EXPECT_LE(compact_json(result.structured).size(), 600U);
    EXPECT_EQ(result.structured.at("error").at("cut"), "max_tokens");
  }
  EXPECT_EQ(refusal_of(calls, "sl_list_sources", {{"max_tokens", 199}}).at("message"),
            "`max_tokens` must be at least 200");
}

// 2^64 / 3 tokens of three bytes would be a budget of no bytes.
TEST(ToolArguments, NumbersThatWouldBecomeOthersAreRefused) {
  const TemporaryDirectory folder;
  make_shop(folder);
  ToolCalls calls(folder.path());
  for (const Json& number : {Json(1e300), Json(18446744073709551615U), Json(6148914691236517206U)}) {
    EXPECT_NE(
        refusal_of(calls, "sl_list_sources", {{"max_tokens", number}}).at("message").dump().find("at most"),
        std::string::npos);
    const Json query = {{"measures", {"orders.n"}}, {"max_rows", number}};
    EXPECT_EQ(refusal_of(calls, "sl_query", query).at("message"),
              "`max_rows` must be at most 9007199254740991");
  }
  EXPECT_FALSE(calls.call("sl_list_sources", {{"max_tokens", 1'000'000}}).is_error);
  EXPECT_TRUE(calls.call("sl_list_sources", {{"max_tokens", 1'000'001}}).is_error);
}

TEST(ToolArguments, AToolThatIsACommandIsHintedAt) {
  const TemporaryDirectory folder;
  make_shop(folder);
  const ToolCalls calls(folder.path());
  const auto said = [&](const std::string& name) {
    const ToolResult result = unknown_tool(name, calls.tools());
    EXPECT_TRUE(result.is_error);
    return result.content[0].at("text").get<std::string>();
  };
  EXPECT_EQ(said("sl-query"), "Unknown tool: sl-query; did you mean `sl_query`?");
  EXPECT_EQ(said("ktx sl list"), "Unknown tool: ktx sl list; did you mean `sl_list_sources`?");
  EXPECT_EQ(said("sql"), "Unknown tool: sql; did you mean `sql_execution`?");
  EXPECT_EQ(said("wikisearch"), "Unknown tool: wikisearch; did you mean `wiki_search`?");
  EXPECT_EQ(said("nonsense"), "Unknown tool: nonsense");
  // A tool that writes is not there, so it is not named.
  EXPECT_EQ(said("sl_write").find("sl_write_source"), std::string::npos);
}

}  // namespace
}  // namespace ktx::mcp
