// `ktx sl conformance` with a planner of the test's own: the verdicts that a ktx that works never gives.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "command_line.hpp"
#include "ktx/database/sqlite.hpp"
#include "ktx/util/json.hpp"
#include "temporary_directory.hpp"

namespace ktx::cli {
namespace {

using ktx::test::TemporaryDirectory;
using test::CommandLine;
using test::Outcome;

Json question(const std::string& id, const std::string& sql) {
  return {{"id", id},
          {"feature", id.substr(0, id.find('.'))},
          {"asks", "What"},
          {"columns", "nullable"},
          {"sql", sql},
          {"timezone", "UTC"},
          {"verdict", Json()},
          {"reason", Json()},
          {"expected", Json::array({Json::array({1})})}};
}

Json refused(const std::string& id, const char* verdict) {
  Json one = question(id, "");
  one["sql"] = Json();
  one["verdict"] = verdict;
  one["reason"] = "There is no such thing here.";
  return one;
}

class SlConformanceTest : public testing::Test {
 protected:
  SlConformanceTest() { database::make_sqlite_database(folder_ / "shop.db", "CREATE TABLE t (a)"); }

  // The operations are told apart by what only one of them takes.
  std::string answer(const std::string& text) const {
    const Json request = Json::parse(text);
    if (request.contains("only")) {
      return compact_json({{"ok",
                            {{"suite_version", "7"},
                             {"version_sql", "SELECT '3.4 (x)'"},
                             {"features", Json::array({{{"name", "joins"}, {"title", "Joins"}}})},
                             {"questions", questions_}}}});
    }
    if (request.contains("statements")) return asked_;
    if (request.contains("sql")) {
      return compact_json({{"ok",
                            {{"columns", Json::array({{{"name", "v"}, {"type", "text"}}})},
                             {"rows", Json::array({Json::array({"8.1 (y)"})})},
                             {"truncated", false}}}});
    }
    const bool is_right = compact_json(request.at("rows")) == "[[1]]";
    return compact_json({{"ok", {{"verdict", is_right ? "right" : "wrong"}}}});
  }

  Outcome run(std::vector<std::string> more = {},
              const std::string& connection = "driver: sqlite, path: shop.db") {
    folder_.write("ktx.yaml",
                  "project: shop\nconnections:\n  shop: { " + connection + ", readonly: true }\n");
    Context context;
    context.environment.directory = folder_.path();
    CommandLine line(std::move(context));
    line.planner.operation.clear();
    line.planner.answer = [this](const std::string& request) { return answer(request); };
    std::vector<std::string> words = {"sl", "conformance"};
    words.insert(words.end(), more.begin(), more.end());
    return line.run(std::move(words));
  }

  TemporaryDirectory folder_;
  Json questions_ = Json::array();
  std::string asked_;
};

TEST_F(SlConformanceTest, FailsForWrongRowsAndShowsBoth) {
  questions_ = Json::array({question("joins.good", "SELECT 1"), question("joins.bad", "SELECT\n  2")});
  const Outcome outcome = run();
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out.find("SQLite 3.4 (connection shop), suite 7, ktx "), 0U) << outcome.out;
  EXPECT_NE(outcome.out.find("\nWrong (1):\n"
                             "  joins.bad: What\n"
                             "    right:\n"
                             "      [1]\n"
                             "    given:\n"
                             "      [2]\n"
                             "    SQL:\n"
                             "      SELECT\n"
                             "        2\n"
                             "\n1 of 2 right, 0 refused, 1 wrong\n"),
            std::string::npos)
      << outcome.out;
}

TEST_F(SlConformanceTest, AnErrorOfTheDatabaseIsWrong) {
  questions_ = Json::array({question("joins.bad", "SELECT missing FROM t")});
  const Outcome outcome = run({"--json"});
  EXPECT_EQ(outcome.exit_code, 1);
  const Json one = Json::parse(outcome.out).at("questions").at(0);
  EXPECT_EQ(one.at("verdict"), "wrong");
  EXPECT_NE(one.at("reason").get<std::string>().find("no such column: missing"), std::string::npos);
  EXPECT_TRUE(one.at("rows").is_null());
}

TEST_F(SlConformanceTest, ARefusalFailsOnlyWhereItIsWrong) {
  questions_ = Json::array({refused("joins.here", "refused")});
  EXPECT_EQ(run().exit_code, 0);
  questions_ = Json::array({refused("joins.here", "wrong")});
  const Outcome outcome = run({"--format", "markdown"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.out.find("| SQLite 3.4 | 0 | 0 | 1: joins | 7 | "), std::string::npos) << outcome.out;
}

TEST_F(SlConformanceTest, AFenceIsLongerThanThoseInTheSql) {
  questions_ = Json::array({question("joins.bad", "SELECT '```'")});
  EXPECT_NE(run({"--format", "markdown"}).out.find("`````sql\nSELECT '```'\n`````\n"), std::string::npos);
}

TEST_F(SlConformanceTest, SaysWhatItWillCostBeforeItAsks) {
  constexpr const char* snowflake = "driver: snowflake, account: a, user: u, password: p";
  questions_ = Json::array({question("joins.a", "SELECT 1"), refused("joins.b", "refused"),
                            question("joins.c", "SELECT 1"), question("joins.d", "SELECT 1")});
  asked_ = R"({"ok":{"answers":[{"verdict":"right","rows":[[1]],"reason":null}]}})";
  const Outcome outcome = run({}, snowflake);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(
      outcome.err,
      "3 statements will run, at most 1 at a time; none of them reads a table. Snowflake bills the time for "
      "which its warehouse is up.\n");
  EXPECT_EQ(outcome.out.find("Snowflake 8.1 (connection shop)"), 0U) << outcome.out;
}

TEST_F(SlConformanceTest, ADatabaseThatGoesAwayLeavesWhatWasFound) {
  questions_ = Json::array({refused("joins.b", "refused"), question("joins.a", "SELECT 1")});
  asked_ =
      R"({"error":{"kind":"database","message":"The database could not be reached: gone","fix":"Look."}})";
  const Outcome outcome = run({}, "driver: postgres, host: h");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.out.find("0 of 1 right, 1 refused, 0 wrong; 1 not asked\n"), std::string::npos);
  EXPECT_EQ(outcome.err, "The database could not be reached: gone\nFix: Look.\n");
}

TEST_F(SlConformanceTest, AReplyOfTheWrongShapeIsADefect) {
  questions_ = Json::array({question("joins.a", "SELECT 1")});
  asked_ = R"({"ok":{"answers":[]}})";
  EXPECT_NE(run({}, "driver: postgres, host: h").err.find("answers must hold one for each question"),
            std::string::npos);
  asked_ = R"({"ok":{"answers":[{"verdict":"fine","rows":null,"reason":null}]}})";
  EXPECT_NE(run({}, "driver: postgres, host: h").err.find("\"fine\" is not known"), std::string::npos);
}

}  // namespace
}  // namespace ktx::cli
