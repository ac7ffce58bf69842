#include <gtest/gtest.h>
#include <pty.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>

#include "command_line.hpp"
#include "ktx/util/json.hpp"
#include "temporary_directory.hpp"

namespace ktx::cli {
namespace {

using ktx::test::TemporaryDirectory;
using test::CommandLine;
using test::Outcome;

constexpr const char* config =
    "project: shop\n"
    "connections:\n"
    "  shop: { driver: sqlite, path: shop.db, readonly: true }\n";

constexpr const char* orders =
    "name: orders\n"
    "table: orders\n"
    "grain: [id]\n"
    "columns:\n"
    "  - { name: id, type: number }\n"
    "  - { name: status, type: string }\n"
    "measures:\n"
    "  - { name: n, expr: count(*) }\n";

std::string reply(const std::string& sql, int limit = 1000) {
  const Json answer = {
      {"ok",
       {{"sql", sql},
        {"dialect", "sqlite"},
        {"columns", Json::array({{{"name", "orders.status"}}, {{"name", "orders.n"}}})},
        {"plan", {{"sources_used", {"orders"}}, {"limit", limit}}},
        {"warnings", Json::array({{{"code", "c"}, {"severity", "warning"}, {"message", "look out"}}})}}}};
  return compact_json(answer);
}

const std::string by_status =
    "SELECT status, COUNT(*) AS n FROM orders GROUP BY status ORDER BY 2 DESC, 1 LIMIT 1000";

/// Puts a terminal in the place of stdout for as long as it lives.
class TerminalAsStdout {
 public:
  TerminalAsStdout() : saved_(::dup(STDOUT_FILENO)) {
    int terminal = -1;
    EXPECT_EQ(::openpty(&reader_, &terminal, nullptr, nullptr, nullptr), 0);
    ::dup2(terminal, STDOUT_FILENO);
    ::close(terminal);
  }
  TerminalAsStdout(const TerminalAsStdout&) = delete;
  TerminalAsStdout& operator=(const TerminalAsStdout&) = delete;
  ~TerminalAsStdout() {
    ::dup2(saved_, STDOUT_FILENO);
    ::close(saved_);
    ::close(reader_);
  }

 private:
  int saved_;
  int reader_ = -1;
};

/// What the program sees whose stdout is a terminal.
Terminal terminal_as_stdout() {
  const TerminalAsStdout terminal;
  return {};
}

class SlQueryTest : public testing::Test {
 protected:
  SlQueryTest() {
    folder_.write("ktx.yaml", config);
    folder_.write("semantic-layer/shop/orders.yaml", orders);
    sqlite3* database = nullptr;
    sqlite3_open((folder_.path() / "shop.db").c_str(), &database);
    sqlite3_exec(database,
                 "create table orders (id integer, status text);"
                 "insert into orders values (1, 'paid'), (2, 'paid'), (3, null), (4, 'a,\"b\"')",
                 nullptr, nullptr, nullptr);
    sqlite3_close(database);
  }

  Outcome run(std::vector<std::string> arguments) {
    Context context;
    context.environment = environment_;
    context.environment.directory = folder_.path();
    if (terminal_) context.terminal = *terminal_;
    CommandLine line(std::move(context));
    line.planner.reply = reply_;
    arguments.insert(arguments.begin(), {"sl", "query"});
    const Outcome outcome = line.run(std::move(arguments));
    planner_ = line.planner;
    return outcome;
  }

  /// The query that the planner was asked.
  Json asked() const { return Json::parse(planner_.request).at("query"); }

  TemporaryDirectory folder_;
  Environment environment_;
  std::string reply_ = reply(by_status);
  std::optional<Terminal> terminal_;
  test::Planner planner_;
};

TEST_F(SlQueryTest, CompilesToJson) {
  const Outcome outcome = run({"--measure", "orders.n", "--dimension", "orders.status"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out,
            "{\n"
            "  \"connectionId\": \"shop\",\n"
            "  \"dialect\": \"sqlite\",\n"
            "  \"sql\": \"" +
                by_status +
                "\",\n"
                "  \"headers\": [\n    \"orders.status\",\n    \"orders.n\"\n  ],\n"
                "  \"rows\": [],\n"
                "  \"totalRows\": 0,\n"
                "  \"plan\": {\n"
                "    \"sources_used\": [\n      \"orders\"\n    ],\n"
                "    \"limit\": 1000,\n"
                "    \"execution\": {\n"
                "      \"mode\": \"compile_only\",\n"
                "      \"reason\": \"Not asked to run the query; --execute runs it\"\n"
                "    }\n"
                "  },\n"
                "  \"warnings\": [\n"
                "    {\n"
                "      \"code\": \"c\",\n"
                "      \"severity\": \"warning\",\n"
                "      \"message\": \"look out\"\n"
                "    }\n"
                "  ]\n"
                "}\n");
  const Json request = Json::parse(planner_.request);
  EXPECT_EQ(request["dialect"], "sqlite");
  EXPECT_EQ(request["sources"][0]["name"], "orders");
}

TEST_F(SlQueryTest, SendsEveryOption) {
  run({"--measure",
       "orders.n",
       "--measure",
       "sum(orders.id) + 1",
       "--dimension",
       "orders.created_at:month",
       "--dimension",
       "orders.status",
       "--filter",
       "orders.id > 1",
       "--filter",
       "[a]",
       "--segment",
       "orders.big",
       "--order-by",
       "orders.n:desc",
       "--order-by",
       "orders.status",
       "--limit",
       "7",
       "--no-include-empty",
       "--yes"});
  EXPECT_EQ(compact_json(asked()),
            R"({"measures":["orders.n","sum(orders.id) + 1"],)"
            R"("dimensions":[{"field":"orders.created_at","granularity":"month"},"orders.status"],)"
            R"("filters":["orders.id > 1","[a]"],"segments":["orders.big"],)"
            R"("order_by":[{"field":"orders.n","direction":"desc"},"orders.status"],)"
            R"("limit":7,"include_empty":false})");
  EXPECT_TRUE(planner_.install.yes);
  EXPECT_FALSE(planner_.install.no_input);
  run({"--measure", "orders.n", "--include-empty", "--no-input"});
  EXPECT_EQ(compact_json(asked()), R"({"measures":["orders.n"],"include_empty":true})");
  EXPECT_TRUE(planner_.install.no_input);
}

TEST_F(SlQueryTest, ExecutesOnSqlite) {
  const Outcome outcome = run({"--measure", "orders.n", "--execute"});
  EXPECT_EQ(outcome.exit_code, 0);
  const Json answer = Json::parse(outcome.out);
  EXPECT_EQ(answer["rows"].size(), 3U);
  EXPECT_EQ(compact_json(answer["rows"][0]), R"(["paid",2])");
  EXPECT_EQ(answer["totalRows"], 3);
  EXPECT_EQ(compact_json(answer["plan"]["execution"]),
            R"({"mode":"executed","driver":"sqlite","maxRows":null,"rowCount":3})");
}

TEST_F(SlQueryTest, WritesATable) {
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

TEST_F(SlQueryTest, WritesCsv) {
  const Outcome outcome = run({"--measure", "orders.n", "--execute", "--format", "csv"});
  EXPECT_EQ(outcome.out, "orders.status,orders.n\r\npaid,2\r\n,1\r\n\"a,\"\"b\"\"\",1\r\n");
  EXPECT_EQ(outcome.err, "warning: look out [c]\n");
}

TEST_F(SlQueryTest, WritesOnlyTheSql) {
  EXPECT_EQ(run({"--measure", "orders.n", "--format", "sql"}).out, by_status + "\n");
  EXPECT_EQ(run({"--measure", "orders.n", "--format", "table"}).out, by_status + "\n");
  reply_ = reply("SELECT * FROM a_table_that_is_not_there");
  const Outcome outcome = run({"--measure", "orders.n", "--format", "sql", "--execute"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "SELECT * FROM a_table_that_is_not_there\n");
}

TEST_F(SlQueryTest, SaysThatALimitMayHaveCutRows) {
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

TEST_F(SlQueryTest, TheLimitIsTheCapOfRows) {
  reply_ = reply("SELECT status, id FROM orders LIMIT 2", 2);
  const Json answer = Json::parse(run({"--measure", "orders.n", "--execute", "--limit", "2"}).out);
  EXPECT_EQ(answer["plan"]["execution"]["maxRows"], 2);
  EXPECT_EQ(answer["warnings"].back()["code"], "row-limit");
}

TEST_F(SlQueryTest, UsageErrorsComeBeforeAnythingElse) {
  const auto usage = [&](const std::vector<std::string>& arguments) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(planner_.connections, 0);
    return outcome.err;
  };
  EXPECT_EQ(usage({}), "sl query requires at least one --measure\n");
  EXPECT_EQ(usage({"--measure", "n", "--yes", "--no-input"}),
            "Choose only one runtime install mode: --yes or --no-input\n");
  EXPECT_EQ(usage({"--measure", "n", "--include-empty", "--no-include-empty"}),
            "Choose only one of --include-empty and --no-include-empty\n");
  EXPECT_EQ(usage({"--measure", "n", "--format", "csv"}), "--format csv writes rows, which need --execute\n");
  EXPECT_EQ(usage({"--measure", "n", "--max-rows", "3"}), "--max-rows needs --execute\n");
  EXPECT_EQ(usage({"--measure", "n", "--explain", "--execute"}),
            "Choose only one of --explain and --execute: an explanation runs nothing\n");
  EXPECT_EQ(usage({"--measure", "n", "--explain", "--format", "sql"}),
            "--explain writes --format table or json, not sql\n");
  EXPECT_EQ(usage({"--measure", "n", "--explain", "--format", "csv"}),
            "--explain writes --format table or json, not csv\n");
  EXPECT_EQ(usage({"--measure", "n", "--order-by", "n:up"}),
            "--order-by n:up: direction must be asc or desc\n");
  EXPECT_EQ(usage({"--measure", "n", "--order-by", ":asc"}), "--order-by \":asc\" requires a field\n");
  EXPECT_EQ(usage({"--measure", "n", "--dimension", "a:"}),
            "--dimension a:: write a field or field:granularity, as orders.created_at:month\n");
  EXPECT_EQ(usage({"--measure", "n", "--connection-id", "../x"}), "Unsafe connection id: ../x\n");
  EXPECT_NE(usage({"--measure", "n", "--limit", "0"}).find("--limit"), std::string::npos);
  EXPECT_NE(usage({"--measure", "n", "--limit", "many"}).find("--limit"), std::string::npos);
  EXPECT_NE(usage({"--measure", "n", "--format", "xml"}).find("--format"), std::string::npos);
  EXPECT_NE(usage({"--measure", "n", "stray"}).find("stray"), std::string::npos);
}

TEST_F(SlQueryTest, AWrongModelIsReportedWholeAndNotSent) {
  folder_.write("semantic-layer/shop/orders.yaml",
                "name: orders\ntable: orders\ngrain: [idd]\n"
                "columns:\n  - { name: id, type: nmber }\n");
  const Outcome outcome = run({"--measure", "orders.n"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("semantic-layer/shop/orders.yaml:3:9: error: "), std::string::npos)
      << outcome.err;
  EXPECT_NE(outcome.err.find("semantic-layer/shop/orders.yaml:5:23: error: "), std::string::npos)
      << outcome.err;
  EXPECT_EQ(planner_.connections, 0);
}

TEST_F(SlQueryTest, WarningsAboutTheModelDoNotStopAQuery) {
  folder_.write("semantic-layer/shop/overlay.yaml", "name: ordrs\ndescription: x\n");
  const Outcome outcome = run({"--measure", "orders.n"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.err.find("warning: the overlay 'ordrs' has no source"), std::string::npos) << outcome.err;
  EXPECT_EQ(Json::parse(outcome.out)["connectionId"], "shop");
}

TEST_F(SlQueryTest, ErrorsOfThePlannerNameThePlaceInTheFile) {
  reply_ = R"({"error":{"kind":"invalid_model","message":"no such function","fix":"mend it",
               "location":{"source":"orders","path":["measures",0,"expr"]}}})";
  const Outcome outcome = run({"--measure", "orders.n"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "semantic-layer/shop/orders.yaml:8:22: no such function\nFix: mend it\n");
}

TEST_F(SlQueryTest, AConnectionThatCannotRunIsFoundBeforeThePlannerStarts) {
  folder_.write("ktx.yaml", "project: a\nconnections: { shop: { driver: sqlite, path: shop.db } }\n");
  Outcome outcome = run({"--measure", "orders.n", "--execute"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err.find("The connection shop is not marked as read-only\n"), 0U) << outcome.err;
  EXPECT_EQ(planner_.connections, 0);
  EXPECT_EQ(run({"--measure", "orders.n"}).exit_code, 0);
}

TEST_F(SlQueryTest, TheConnectionMustBeClear) {
  folder_.write("ktx.yaml", "project: a\nconnections: { shop: { driver: sqlite }, other: {} }\n");
  Outcome outcome = run({"--measure", "orders.n"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err,
            "connectionId is required when the local project has zero or multiple connections.\n"
            "Fix: Name one with --connection-id: shop, other\n");
  EXPECT_EQ(run({"--measure", "orders.n", "--connection-id", "shop"}).exit_code, 0);
  outcome = run({"--measure", "orders.n", "--connection-id", "shopp"});
  EXPECT_EQ(outcome.err.find("There is no connection \"shopp\" in ktx.yaml; did you mean \"shop\"?\n"), 0U);
  outcome = run({"--measure", "orders.n", "--connection-id", "other"});
  EXPECT_EQ(outcome.err.find("The connection other has no semantic-layer sources\n"), 0U) << outcome.err;
}

TEST_F(SlQueryTest, AnUnknownDriverIsWrittenToAsPostgresAndSaidSo) {
  folder_.write("ktx.yaml", "project: a\nconnections: { shop: { driver: oracle } }\n");
  const Outcome outcome = run({"--measure", "orders.n"});
  EXPECT_EQ(
      outcome.err,
      "warning: the driver \"oracle\" of the connection shop is not known; SQL is written for PostgreSQL "
      "[unknown-driver]\n");
  EXPECT_EQ(Json::parse(planner_.request)["dialect"], "postgres");
  const Json warnings = Json::parse(outcome.out)["warnings"];
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0]["code"], "unknown-driver");
  const std::string text = run({"--measure", "orders.n", "--format", "sql"}).err;
  EXPECT_EQ(text, outcome.err + "warning: look out [c]\n");
}

TEST_F(SlQueryTest, AnAnswerThatDoesNotFitTheColumnsIsADefect) {
  reply_ = reply("SELECT 1, 2, 3");
  const Outcome outcome = run({"--measure", "orders.n", "--execute"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err.find("The planner announced 2 columns and the database gave 3"), 0U) << outcome.err;
}

TEST_F(SlQueryTest, ATerminalGetsATable) {
  terminal_ = terminal_as_stdout();
  const Outcome outcome = run({"--measure", "orders.n", "--execute"});
  EXPECT_EQ(outcome.out.find("orders.status  orders.n\n-------------"), 0U) << outcome.out;
}

TEST_F(SlQueryTest, WarningsAreInEveryFormatOnce) {
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

TEST_F(SlQueryTest, AWarningNamesThePlaceInTheFile) {
  Json answer = Json::parse(reply_);
  answer["ok"]["warnings"][0]["location"] = {{"source", "orders"}, {"path", {"measures", 0, "expr"}}};
  reply_ = compact_json(answer);
  const std::string place = "semantic-layer/shop/orders.yaml:8:22";
  EXPECT_EQ(run({"--measure", "orders.n", "--format", "sql"}).err, place + ": warning: look out [c]\n");
  const Json json = Json::parse(run({"--measure", "orders.n", "--format", "json"}).out);
  EXPECT_EQ(json["warnings"][0]["place"], place);
}

TEST_F(SlQueryTest, ExplainsInsteadOfAnswering) {
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
}  // namespace ktx::cli
