#include <gtest/gtest.h>

#include <string>

#include "ktx/mcp/budget.hpp"
#include "temporary_directory.hpp"
#include "tool_calls.hpp"

namespace ktx::mcp {
namespace {

using test::Joined;
using test::TemporaryDirectory;
using test::ToolCalls;

constexpr int source_count = 1000;
constexpr std::size_t megabyte = std::size_t{1024} * 1024;

std::string megabyte_of_lines(const std::string& line) {
  std::string text;
  while (text.size() < megabyte) text += line + std::to_string(text.size()) + "\n";
  return text;
}

std::string source_text(int number) {
  const std::string name = "source_" + std::to_string(number);
  std::string text = "name: " + name + "\ndescription: Facts number " + std::to_string(number) +
                     " about größe\ntable: t" + std::to_string(number) + "\ngrain: [id]\ncolumns:\n";
  text += "  - {name: id, type: number}\n  - {name: created_at, type: time}\n";
  for (int i = 0; i < 6; ++i) text += "  - {name: label_" + std::to_string(i) + ", type: string}\n";
  return text + "measures:\n  - {name: amount_" + std::to_string(number) + ", expr: sum(id)}\n";
}

// A thousand sources, and a source and a page of a megabyte each; made once, read by all.
class ToolsOverAModel : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryDirectory();
    folder_->write("ktx.yaml",
                   "project: many\nconnections:\n  shop:\n    driver: postgres\n"
                   "    url: postgres://me:hunter2secret@db.example/shop?password=hunter3secret\n"
                   "    readonly: true\n");
    for (int i = 0; i < source_count; ++i) {
      folder_->write("semantic-layer/shop/source_" + std::to_string(i) + ".yaml", source_text(i));
    }
    std::string sql = megabyte_of_lines("    -- ein Kommentar über \"alles\" ");
    folder_->write("semantic-layer/shop/giant.yaml",
                   "name: giant\nsql: |\n    select 1 as id\n" + sql +
                       "grain: [id]\ncolumns:\n  - {name: id, type: number}\n");
    folder_->write("wiki/global/giant.md",
                   "---\nsummary: A page\n---\n" + megabyte_of_lines("Ein „Absatz“ mit \\ und \t "));
    for (int i = 0; i < 200; ++i) {
      folder_->write("wiki/global/page" + std::to_string(i) + ".md",
                     "---\nsummary: Page " + std::to_string(i) + " on refunds\n---\nRefunds.\n");
    }
  }

  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }

  // All pages of a call; each is checked against the budget. `restarted` starts the server anew for each.
  static Json followed(const std::string& tool, Json arguments, std::size_t max_tokens,
                       bool restarted = false) {
    arguments["max_tokens"] = max_tokens;
    Joined joined;
    auto calls = std::make_unique<ToolCalls>(folder_->path());
    while (true) {
      const ToolResult result = calls->call(tool, arguments);
      EXPECT_FALSE(result.is_error) << result.structured.dump();
      EXPECT_LE(compact_json(result.structured).size(), max_tokens * 3);
      joined.add(result.structured);
      if (result.is_error || !result.structured.contains("cut")) return joined.whole;
      arguments["cursor"] = result.structured.at("cut").at("next_cursor");
      if (restarted) calls = std::make_unique<ToolCalls>(folder_->path());
    }
  }

  static TemporaryDirectory* folder_;
};

TemporaryDirectory* ToolsOverAModel::folder_ = nullptr;

constexpr std::size_t most = most_max_tokens;  // nothing here is cut by it

TEST_F(ToolsOverAModel, EveryListIsTheWholeInPages) {
  const std::vector<std::pair<std::string, Json>> asked = {
      {"sl_list_sources", Json::object()},
      {"sl_list_sources", {{"query", "facts about grösse"}}},
      {"sl_search", {{"query", "amount label"}, {"limit", 1000}}},
      {"entity_details", {{"names", {"source_1", "source_2", "source_3.amount_3"}}}},
      {"wiki_search", {{"query", "refunds"}, {"limit", 50}}},
      {"discover", {{"query", "amount_7 by label_3"}, {"limit", 50}}}};
  for (const auto& [tool, arguments] : asked) {
    const Json whole = followed(tool, arguments, most);
    for (const std::size_t tokens : {std::size_t{200}, std::size_t{777}, std::size_t{8000}}) {
      EXPECT_EQ(followed(tool, arguments, tokens), whole) << tool << " " << tokens;
    }
  }
  EXPECT_EQ(followed("sl_list_sources", Json::object(), 8000).at("sources").size(), source_count + 1U);
}

TEST_F(ToolsOverAModel, ALongTextIsTheWholeInPages) {
  const Json page = followed("wiki_read", {{"key", "giant"}}, most);
  EXPECT_GT(page.at("content").get<std::string>().size(), megabyte);
  for (const std::size_t tokens : {std::size_t{200}, std::size_t{8000}}) {
    EXPECT_TRUE(followed("wiki_read", {{"key", "giant"}}, tokens) == page) << tokens;
  }
  const Json source = followed("sl_read_source", {{"sourceName", "giant"}}, most);
  EXPECT_GT(source.at("yaml").get<std::string>().size(), megabyte);
  EXPECT_TRUE(followed("sl_read_source", {{"sourceName", "giant"}}, 8000) == source);
  // Its SQL is a member of one item, which comes in pieces.
  const Json names = {{"names", {"giant"}}};
  EXPECT_TRUE(followed("entity_details", names, 8000) == followed("entity_details", names, most));
}

TEST_F(ToolsOverAModel, CursorsSurviveARestart) {
  const Json whole = followed("sl_list_sources", Json::object(), most);
  EXPECT_EQ(followed("sl_list_sources", Json::object(), 8000, true), whole);
}

TEST_F(ToolsOverAModel, AStaleCursorIsRefused) {
  const TemporaryDirectory folder;
  folder.write("ktx.yaml", "project: p\n");
  for (int i = 0; i < 50; ++i) {
    folder.write("semantic-layer/shop/source_" + std::to_string(i) + ".yaml", source_text(i));
  }
  Json arguments = {{"max_tokens", 500}};
  const ToolResult first = ToolCalls(folder.path()).call("sl_list_sources", arguments);
  arguments["cursor"] = first.structured.at("cut").at("next_cursor");
  const auto message = [&](const std::string& tool, const Json& changed) {
    const ToolResult result = ToolCalls(folder.path()).call(tool, changed);
    return result.is_error ? result.structured.at("error").at("message").get<std::string>() : "";
  };
  EXPECT_EQ(message("sl_list_sources", arguments), "");
  Json other = arguments;
  other["connectionId"] = "shop";
  EXPECT_EQ(message("sl_list_sources", other), "`cursor` goes on with a call of other arguments");
  other = arguments;
  other["cursor"] = "nonsense";
  EXPECT_EQ(message("sl_list_sources", other), "`cursor` is none that this server gives");
  // A position that the answer does not have.
  std::string forged = arguments.at("cursor");
  forged.replace(forged.rfind('.', forged.rfind('.') - 1), std::string::npos, ".999999.0");
  other["cursor"] = forged;
  EXPECT_NE(message("sl_list_sources", other), "");
  folder.write("semantic-layer/shop/source_7.yaml", source_text(7) + "  - {name: more, expr: count(*)}\n");
  EXPECT_EQ(message("sl_list_sources", arguments),
            "What `cursor` goes on with has changed since: the files or the rows are others");
}

TEST_F(ToolsOverAModel, NoAnswerHasASecret) {
  ToolCalls calls(folder_->path());
  const std::vector<std::pair<std::string, Json>> asked = {
      {"connection_list", Json::object()},
      {"connection_test", Json::object()},
      {"sl_query", {{"measures", {"source_1.amount_1"}}}},
      {"sql_execution", {{"sql", "select 1"}}},
      {"discover", {{"query", "amount_1 hunter2secret"}}},
      {"dictionary_search", {{"values", {"x"}}}}};
  for (const auto& [tool, arguments] : asked) {
    const std::string text = compact_json(calls.call(tool, arguments).structured);
    EXPECT_EQ(text.find("hunter"), std::string::npos) << text;
  }
  EXPECT_EQ(calls.call("connection_list", Json::object()).structured.at("connections")[0].at("location"),
            "postgres://db.example/shop");
}

}  // namespace
}  // namespace ktx::mcp
