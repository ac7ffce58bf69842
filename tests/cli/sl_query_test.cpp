#include "sl_query_fixture.hpp"

namespace ktx::cli::test {
namespace {

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
                "  \"timezone\": \"UTC\",\n"
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
       "orders.created_at:month",
       "--order-by",
       "orders.created_at:month:desc",
       "--limit",
       "7",
       "--no-include-empty",
       "--join-path",
       "orders,customers,regions",
       "--join-path",
       "a,b",
       "--yes"});
  EXPECT_EQ(compact_json(asked()),
            R"({"measures":["orders.n","sum(orders.id) + 1"],)"
            R"("dimensions":[{"field":"orders.created_at","granularity":"month"},"orders.status"],)"
            R"("filters":["orders.id > 1","[a]"],"segments":["orders.big"],)"
            R"("order_by":[{"field":"orders.n","direction":"desc"},"orders.created_at:month",)"
            R"({"field":"orders.created_at:month","direction":"desc"}],)"
            R"("limit":7,"include_empty":false,"join_path":[["orders","customers","regions"],["a","b"]]})");
  EXPECT_TRUE(planner_.python.install.yes);
  EXPECT_FALSE(planner_.python.install.no_input);
  run({"--measure", "orders.n", "--include-empty", "--no-input"});
  EXPECT_EQ(compact_json(asked()), R"({"measures":["orders.n"],"include_empty":true})");
  EXPECT_TRUE(planner_.python.install.no_input);
  run({"--measure", "orders.n", "--dimension", "metric_time:month", "--fill", "--no-input"});
  EXPECT_EQ(
      compact_json(asked()),
      R"({"measures":["orders.n"],"dimensions":[{"field":"metric_time","granularity":"month"}],"fill":true})");
  run({"--measure", "orders.n", "--dimension", "products.category", "--each-once", "--no-input"});
  EXPECT_EQ(compact_json(asked()),
            R"({"measures":["orders.n"],"dimensions":["products.category"],"each_once":true})");
}

TEST_F(SlQueryTest, ALimitIsAWholeNumberFromZeroOn) {
  for (const auto& [typed, meant] : {std::pair("0", 0), std::pair("7", 7), std::pair("010", 10)}) {
    run({"--measure", "orders.n", "--limit", typed});
    EXPECT_EQ(asked()["limit"], meant) << typed;
  }
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
  for (const char* path : {"a", "a,", ",b", "a,,b"}) {
    EXPECT_EQ(usage({"--measure", "n", "--join-path=" + std::string(path)}),
              "--join-path \"" + std::string(path) +
                  "\": write the sources from the measure's on, as orders,customers,regions\n");
  }
  EXPECT_EQ(usage({"--measure", "n", "--connection-id", "../x"}), "Unsafe connection id: ../x\n");
  EXPECT_NE(usage({"--measure", "n", "--limit", "-1"}).find("--limit"), std::string::npos);
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
            "--connection-id is required when the local project has zero or multiple connections.\n"
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

}  // namespace
}  // namespace ktx::cli::test
