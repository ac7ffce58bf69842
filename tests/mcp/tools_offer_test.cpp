#include <gtest/gtest.h>

#include <set>
#include <string>

#include "temporary_directory.hpp"
#include "tool_calls.hpp"

namespace ktx::mcp {
namespace {

using test::SilentCall;
using test::TemporaryDirectory;
using test::ToolCalls;

void make_project(const TemporaryDirectory& folder) {
  folder.write("ktx.yaml", "project: shop\nconnections:\n  shop: {driver: sqlite, path: shop.db}\n");
  folder.write("semantic-layer/shop/orders.yaml",
               "name: orders\ndescription: All orders\ntable: orders\ngrain: [id]\ncolumns:\n"
               "  - {name: id, type: number}\nmeasures:\n  - {name: n, expr: count(*)}\n");
  folder.write("wiki/global/finance/net revenue.md", "---\nsummary: Net\n---\nNet of refunds.\n");
}

std::set<std::string> names_of(const std::vector<Tool>& tools) {
  std::set<std::string> names;
  for (const Tool& tool : tools) names.insert(tool.name);
  return names;
}

TEST(ToolOffer, HasTheNamesThatClientsKnow) {
  const TemporaryDirectory folder;
  make_project(folder);
  const auto names = names_of(ToolCalls(folder.path(), true).tools());
  for (const char* name :
       {"connection_list", "connection_test", "wiki_search",     "knowledge_search", "wiki_read",
        "knowledge_read",  "wiki_write",      "knowledge_write", "sl_list_sources",  "sl_read_source",
        "sl_write_source", "sl_validate",     "sl_query",        "entity_details",   "dictionary_search",
        "discover_data",   "sql_execution",   "sl_search",       "sl_explain",       "discover"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(ToolOffer, NothingWritesUnlessThatIsAllowed) {
  const TemporaryDirectory folder;
  make_project(folder);
  const ToolCalls calls(folder.path());
  for (const Tool& tool : calls.tools()) {
    EXPECT_TRUE(tool.annotations.read_only) << tool.name;
    EXPECT_EQ(tool.name.find("write"), std::string::npos);
  }
}

TEST(ToolOffer, EveryToolSaysWhatItIsForAndTakesABudget) {
  const TemporaryDirectory folder;
  make_project(folder);
  const ToolCalls calls(folder.path(), true);
  for (const Tool& tool : calls.tools()) {
    const bool is_alias = tool.description.starts_with("The same as ");
    EXPECT_TRUE(is_alias || tool.description.find(" Example: {") != std::string::npos) << tool.name;
    EXPECT_TRUE(tool.input.at("properties").contains("max_tokens")) << tool.name;
    EXPECT_TRUE(tool.input.at("properties").contains("cursor")) << tool.name;
    EXPECT_EQ(tool.output.at("type"), "object");
    if (is_alias) continue;
    // The example is one of arguments that fit.
    const auto begin = tool.description.find(" Example: ") + std::string(" Example: ").size();
    check_arguments(Json::parse(tool.description.substr(begin)), tool.input);
  }
}

TEST(ToolOffer, AnAliasIsTheSameTool) {
  const TemporaryDirectory folder;
  make_project(folder);
  ToolCalls calls(folder.path());
  const Json arguments = {{"key", "finance/net revenue"}};
  EXPECT_EQ(calls.call("knowledge_read", arguments).structured,
            calls.call("wiki_read", arguments).structured);
}

TEST(ToolOffer, ResourcesAreListedAndReadByTheirAddress) {
  const TemporaryDirectory folder;
  make_project(folder);
  ToolCalls calls(folder.path());
  const Offer offer = whole_offer(calls.engine());
  SilentCall call;
  ASSERT_EQ(offer.resources.size(), 1U);
  EXPECT_EQ(offer.resources[0].uri, "ktx://schema");
  EXPECT_TRUE(Json::parse(offer.resources[0].read(call).bytes).contains("$schema"));
  ASSERT_EQ(offer.resource_templates.size(), 2U);
  const ResourceTemplate& sources = offer.resource_templates[0];
  EXPECT_EQ(sources.uri_template, "ktx://sources/{connection}/{source}");
  ASSERT_EQ(sources.list(call).size(), 1U);
  EXPECT_EQ(sources.list(call)[0].uri, "ktx://sources/shop/orders");
  const Json variables = {{"connection", "shop"}, {"source", "orders"}};
  EXPECT_TRUE(sources.read(call, variables)->bytes.starts_with("name: orders\n"));
  EXPECT_FALSE(sources.read(call, {{"connection", "shop"}, {"source", "../ktx"}}));
  EXPECT_EQ(sources.complete(call, "source", "or", {{"connection", "shop"}}),
            std::vector<std::string>{"orders"});
  const ResourceTemplate& pages = offer.resource_templates[1];
  EXPECT_EQ(pages.list(call)[0].uri, "ktx://wiki/finance/net%20revenue");
  EXPECT_EQ(pages.read(call, {{"key", "finance/net revenue"}})->bytes, "Net of refunds.");
  EXPECT_FALSE(pages.read(call, {{"key", "../../ktx.yaml"}}));
}

TEST(ToolOffer, PromptsHaveTheirArgumentsInThem) {
  const TemporaryDirectory folder;
  make_project(folder);
  ToolCalls calls(folder.path());
  const Offer offer = whole_offer(calls.engine());
  SilentCall call;
  std::vector<std::string> names;
  for (const Prompt& prompt : offer.prompts) {
    names.push_back(prompt.name);
    Json arguments = Json::object();
    for (const PromptArgument& argument : prompt.arguments)
      arguments[argument.name] = "«" + argument.name + "»";
    const auto messages = prompt.messages(call, arguments);
    ASSERT_EQ(messages.size(), 1U);
    const std::string text = messages[0].content.at("text");
    for (const PromptArgument& argument : prompt.arguments) {
      EXPECT_NE(text.find("«" + argument.name + "»"), std::string::npos) << prompt.name;
    }
  }
  EXPECT_EQ(names, (std::vector<std::string>{"answer_a_question", "add_a_measure", "why_this_number"}));
  EXPECT_EQ(offer.prompts[2].complete(call, "measure", "orders.", Json::object()),
            std::vector<std::string>{"orders.n"});
}

}  // namespace
}  // namespace ktx::mcp
