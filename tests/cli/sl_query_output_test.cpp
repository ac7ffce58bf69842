// What `ktx sl query` writes: each format, its warnings, and the explanation.
#include "sl_query_fixture.hpp"

namespace ktx::cli::test {
namespace {

class SlQueryOutputTest : public SlQueryTest {};

TEST_F(SlQueryOutputTest, ExecutesOnSqlite) {
  const Outcome outcome = run({"--measure", "orders.n", "--execute"});
  EXPECT_EQ(outcome.exit_code, 0);
  const Json answer = Json::parse(outcome.out);
  EXPECT_EQ(answer["rows"].size(), 3U);
  EXPECT_EQ(compact_json(answer["rows"][0]), R"(["paid",2])");
  EXPECT_EQ(answer["totalRows"], 3);
  EXPECT_EQ(compact_json(answer["plan"]["execution"]),
            R"({"mode":"executed","driver":"sqlite","maxRows":null,"rowCount":3})");
}

TEST_F(SlQueryOutputTest, WritesATable) {
  const Outcome outcome = run({"--measure", "orders.n", "--execute", "--format", "table"});
  EXPECT_EQ(outcome.out,
            "orders.status  orders.n\n"
            "-------------  --------\n"
            "paid                  2\n"
            "NULL                  1\n"
            "a,\"b\"                 1\n");
  EXPECT_EQ(outcome.err.find("3 rows in "), 0U) << outcome.err;
  EXPECT_NE(outcome.err.find(" ms\nwarning: look out [c]\n"), std::string::npos) << outcome.err;
}

TEST_F(SlQueryOutputTest, WritesCsv) {
  const Outcome outcome = run({"--measure", "orders.n", "--execute", "--format", "csv"});
  EXPECT_EQ(outcome.out, "orders.status,orders.n\r\npaid,2\r\n,1\r\n\"a,\"\"b\"\"\",1\r\n");
  EXPECT_EQ(outcome.err, "warning: look out [c]\n");
}

TEST_F(SlQueryOutputTest, AMonthIsADateInEveryFormat) {
  Json answer = Json::parse(reply("SELECT '2025-11-01 00:00:00' AS m, COUNT(*) AS n FROM orders"));
  answer["ok"]["columns"][0] = {{"name", "orders.at"}, {"granularity", "month"}};
  reply_ = compact_json(answer);
  const auto written = [&](std::vector<std::string> format) {
    format.insert(format.end(), {"--measure", "orders.n", "--execute"});
    return run(std::move(format)).out;
  };
  EXPECT_EQ(written({"--format", "csv"}), "orders.at,orders.n\r\n2025-11-01,4\r\n");
  EXPECT_EQ(Json::parse(written({"--format", "json"}))["rows"], Json::parse(R"([["2025-11-01", 4]])"));
  EXPECT_NE(written({"--format", "table"}).find("2025-11-01         4\n"), std::string::npos);
  EXPECT_NE(written({"--format", "markdown"}).find("| 2025-11-01 |        4 |"), std::string::npos);
  EXPECT_EQ(written({"--format", "table", "--chart"}).find("00:00"), std::string::npos);
}

TEST_F(SlQueryOutputTest, PartsAreLeftOutOnATerminalAndWhereThatIsAskedFor) {
  Json answer = Json::parse(reply("SELECT status, COUNT(*), COUNT(*) * 2 FROM orders WHERE id < 3"));
  answer["ok"]["columns"][1]["part"] = true;
  answer["ok"]["columns"].push_back({{"name", "orders.twice"}});
  reply_ = compact_json(answer);
  const auto written = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--measure", "orders.twice", "--execute"});
    return run(std::move(arguments)).out;
  };
  const std::string table =
      "orders.status  orders.twice\n-------------  ------------\npaid                      4\n";
  EXPECT_EQ(written({"--format", "csv"}), "orders.status,orders.n,orders.twice\r\npaid,2,4\r\n");
  EXPECT_EQ(written({"--format", "csv", "--no-parts"}), "orders.status,orders.twice\r\npaid,4\r\n");
  EXPECT_EQ(written({"--format", "table", "--no-parts"}), table);
  EXPECT_NE(written({"--format", "table"}).find("orders.n"), std::string::npos);
  const Json json = Json::parse(written({"--no-parts"}));
  EXPECT_EQ(json["headers"], Json::parse(R"(["orders.status", "orders.twice"])"));
  EXPECT_EQ(json["rows"], Json::parse(R"([["paid", 4]])"));
  terminal_ = terminal_as_stdout();
  EXPECT_EQ(written({}), table);
  EXPECT_NE(written({"--format", "csv"}).find("orders.n,"), std::string::npos);
}

TEST_F(SlQueryOutputTest, WritesOnlyTheSql) {
  EXPECT_EQ(run({"--measure", "orders.n", "--format", "sql"}).out, by_status + "\n");
  EXPECT_EQ(run({"--measure", "orders.n", "--format", "table"}).out, by_status + "\n");
  reply_ = reply("SELECT * FROM a_table_that_is_not_there");
  const Outcome outcome = run({"--measure", "orders.n", "--format", "sql", "--execute"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "SELECT * FROM a_table_that_is_not_there\n");
}

TEST_F(SlQueryOutputTest, SaysThatALimitMayHaveCutRows) {
  const auto warnings = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--measure", "orders.n", "--execute", "--format", "csv"});
    return run(std::move(arguments)).err;
  };
  const std::string start = "warning: look out [c]\nwarning: the result has as many rows as it may have, ";
  reply_ = reply("SELECT status, id FROM orders LIMIT 4", 4);
  EXPECT_EQ(warnings({}), start + "4; there may be more (raise --limit) [row-limit]\n");
  EXPECT_EQ(warnings({"--max-rows", "2"}), start + "2; there may be more (raise --max-rows) [row-limit]\n");
  reply_ = reply("SELECT status, id FROM orders LIMIT 5", 5);
  EXPECT_EQ(warnings({"--limit", "5"}), "warning: look out [c]\n");
}

TEST_F(SlQueryOutputTest, TheLimitIsTheCapOfRows) {
  reply_ = reply("SELECT status, id FROM orders LIMIT 2", 2);
  const Json answer = Json::parse(run({"--measure", "orders.n", "--execute", "--limit", "2"}).out);
  EXPECT_EQ(answer["plan"]["execution"]["maxRows"], 2);
  EXPECT_EQ(answer["warnings"].back()["code"], "row-limit");
}

TEST_F(SlQueryOutputTest, ATerminalGetsATable) {
  terminal_ = terminal_as_stdout();
  const Outcome outcome = run({"--measure", "orders.n", "--execute"});
  EXPECT_EQ(outcome.out.find("orders.status  orders.n\n-------------"), 0U) << outcome.out;
}

TEST_F(SlQueryOutputTest, WarningsAreInEveryFormatOnce) {
  const std::string line = "warning: look out [c]\n";
  const auto warned = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--measure", "orders.n"});
    return run(std::move(arguments)).err;
  };
  EXPECT_EQ(warned({"--format", "sql"}), line);
  EXPECT_EQ(warned({"--format", "sql", "--execute"}), line);
  EXPECT_EQ(warned({"--format", "csv", "--execute"}), line);
  EXPECT_EQ(warned({"--format", "table"}), line);
  EXPECT_TRUE(warned({"--format", "table", "--execute"}).ends_with(" ms\n" + line));
  EXPECT_EQ(warned({"--format", "json"}), "");
  EXPECT_EQ(warned({"--format", "json", "--execute"}), "");
  terminal_ = terminal_as_stdout();
  EXPECT_EQ(warned({}), line);
  EXPECT_TRUE(warned({"--execute"}).ends_with(" ms\n" + line));
}

TEST_F(SlQueryOutputTest, AWarningNamesThePlaceInTheFile) {
  Json answer = Json::parse(reply_);
  answer["ok"]["warnings"][0]["location"] = {{"source", "orders"}, {"path", {"measures", 0, "expr"}}};
  reply_ = compact_json(answer);
  const std::string place = "semantic-layer/shop/orders.yaml:8:22";
  EXPECT_EQ(run({"--measure", "orders.n", "--format", "sql"}).err, place + ": warning: look out [c]\n");
  const Json json = Json::parse(run({"--measure", "orders.n", "--format", "json"}).out);
  EXPECT_EQ(json["warnings"][0]["place"], place);
}

TEST_F(SlQueryOutputTest, ExplainsInsteadOfAnswering) {
  const std::string tree = "top\n└─ below\n";
  EXPECT_EQ(run({"--measure", "orders.n"}).exit_code, 0);
  EXPECT_FALSE(Json::parse(planner_.request).contains("explain"));
  Json answer = Json::parse(reply_);
  answer["ok"]["explanation"] = Json::parse(R"({"text":"top","children":[{"text":"below","children":[]}]})");
  reply_ = compact_json(answer);
  const Outcome outcome = run({"--measure", "orders.n", "--explain"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, tree);
  EXPECT_EQ(outcome.err, "warning: look out [c]\n");
  EXPECT_EQ(Json::parse(planner_.request)["explain"], true);
  EXPECT_EQ(run({"--measure", "orders.n", "--explain", "--format", "table"}).out, tree);
  const Json json = Json::parse(run({"--measure", "orders.n", "--explain", "--format", "json"}).out);
  EXPECT_EQ(json["explanation"]["children"][0]["text"], "below");
  EXPECT_EQ(json["sql"], by_status);
  EXPECT_EQ(json["plan"]["execution"]["mode"], "compile_only");
}

}  // namespace
}  // namespace ktx::cli::test
