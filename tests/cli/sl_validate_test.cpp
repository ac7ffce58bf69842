#include <gtest/gtest.h>

#include <string>

#include "command_line.hpp"
#include "ktx/util/json.hpp"
#include "temporary_directory.hpp"

namespace ktx::cli {
namespace {

using ktx::test::TemporaryDirectory;
using test::CommandLine;
using test::Outcome;

constexpr const char* orders_with_a_join =
    "name: orders\n"
    "table: orders\n"
    "grain: [id]\n"
    "columns:\n"
    "  - { name: id, type: number }\n"
    "joins:\n"
    "  - { to: customers, on: id = customers.id, relationship: many_to_one }\n";

constexpr const char* customers =
    "name: customers\n"
    "table: customers\n"
    "grain: [id]\n"
    "columns:\n"
    "  - { name: id, type: number }\n";

constexpr const char* nothing_found = R"({"ok":{"findings":[]}})";

constexpr const char* a_join_is_wrong =
    R"({"ok":{"findings":[
      {"code":"join_grain","severity":"warning","message":"does not cover","fix":"Correct it.",
       "suggestions":["one_to_one"],"concerned":["customers"],
       "location":{"source":"orders","path":["joins",0,"relationship"]}},
      {"code":"model_disconnected","severity":"warning","message":"apart","fix":null,
       "suggestions":[],"concerned":[],"location":null}]}})";

class SlValidateTest : public testing::Test {
 protected:
  SlValidateTest() {
    folder_.write("ktx.yaml",
                  "project: a\nconnections:\n  shop: { driver: sqlite }\n  app: { driver: duckdb }\n");
    folder_.write("semantic-layer/shop/orders.yaml", orders_with_a_join);
    folder_.write("semantic-layer/shop/customers.yaml", customers);
  }

  Outcome run(std::vector<std::string> arguments) {
    Context context;
    context.environment = environment_;
    context.environment.directory = folder_.path();
    CommandLine line(std::move(context));
    line.planner.operation = "semantic-validate";
    line.planner.reply = reply_;
    arguments.insert(arguments.begin(), {"sl", "validate"});
    const Outcome outcome = line.run(std::move(arguments));
    planner_ = line.planner;
    return outcome;
  }

  TemporaryDirectory folder_;
  Environment environment_;
  std::string reply_ = nothing_found;
  test::Planner planner_;
};

TEST_F(SlValidateTest, WithoutThePlannerWhatTheFilesShowIsStillListed) {
  reply_ = R"({"error":{"kind":"interpreter","message":"Python did not start"}})";
  EXPECT_EQ(run({}).out, "");  // nothing to list is no verdict
  folder_.write("semantic-layer/shop/bad.yaml",
                "name: bad\ntable: bad\ngrain: [id]\ncolumns: [{ name: id, type: number }]\nmesures: []\n");
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.out.find("bad.yaml:5:1: error: unknown key \"mesures\""), std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.err.find("Python did not start"), std::string::npos) << outcome.err;
  EXPECT_EQ(run({"--json"}).out, "");
}

TEST_F(SlValidateTest, ASoundProjectIsValid) {
  folder_.write("semantic-layer/app/customers.yaml", customers);
  const Outcome outcome = run({"--yes"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.out, "Valid: 3 sources of 2 connections\n");
  EXPECT_EQ(planner_.connections, 1);
  EXPECT_TRUE(planner_.python.install.yes);
  ASSERT_EQ(planner_.requests.size(), 2U);
  const Json request = Json::parse(planner_.requests[1]);
  EXPECT_EQ(request["dialect"], "sqlite");
  EXPECT_EQ(request["complete"], true);
  EXPECT_EQ(request["sources"].size(), 2U);
  EXPECT_EQ(Json::parse(planner_.requests[0])["dialect"], "duckdb");
}

TEST_F(SlValidateTest, ThePlannersFindingsHaveTheirPlaceAndWarningsAreAllowed) {
  reply_ = a_join_is_wrong;
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out,
            "semantic-layer/shop: warning: apart [model_disconnected]\n"
            "semantic-layer/shop/orders.yaml:7:59: warning: does not cover [join_grain]\n"
            "  did you mean \"one_to_one\"?\n"
            "  fix: Correct it.\n"
            "Valid: 2 sources of 1 connection, 2 warnings\n");
}

TEST_F(SlValidateTest, AHintLeavesTheModelValidAndIsListedOnRequest) {
  reply_ = R"({"ok":{"findings":[{"code":"measure_same","severity":"hint","message":"m","fix":"Keep one.",
              "suggestions":[],"concerned":[],"location":{"source":"orders","path":["name"]}}]}})";
  Outcome outcome = run({});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "Valid: 2 sources of 1 connection, 1 hint (--verbose lists it)\n");
  const std::string listed =
      "semantic-layer/shop/orders.yaml:1:7: hint: m [measure_same]\n  fix: Keep one.\n";
  for (const char* flag : {"--verbose", "-v"}) {
    outcome = run({flag});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.out, listed + "Valid: 2 sources of 1 connection, 1 hint\n");
  }
  const Json answer = Json::parse(run({"--json"}).out);
  EXPECT_EQ(answer["findings"][0]["severity"], "hint");
  EXPECT_EQ(answer["hints"], 1);
}

TEST_F(SlValidateTest, OneSourceIsShownWithWhatConcernsIt) {
  reply_ = a_join_is_wrong;
  EXPECT_NE(run({"customers"}).out.find("[join_grain]"), std::string::npos);
  reply_ = R"({"ok":{"findings":[{"code":"x","severity":"error","message":"m","suggestions":[],
              "concerned":[],"location":{"source":"orders","path":[]}}]}})";
  Outcome outcome = run({"orders", "--connection-id", "shop"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(
      outcome.out,
      "semantic-layer/shop/orders.yaml:1:7: error: m [x]\nInvalid: 1 source of 1 connection, 1 error\n");
  outcome = run({"customers", "--connection-id", "shop"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out.find("Valid semantic-layer source: shop/customers\n"), 0U) << outcome.out;
}

TEST_F(SlValidateTest, AnUnknownSourceIsOneError) {
  const Outcome outcome = run({"ordres"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "There is no semantic-layer source \"ordres\"; did you mean \"orders\"?\n"
            "Fix: ktx sl list shows the sources\n");
  EXPECT_EQ(planner_.connections, 0);
}

TEST_F(SlValidateTest, ASourceWithAnErrorIsLeftOutOfTheRequest) {
  folder_.write("semantic-layer/shop/customers.yaml", std::string(customers) + "mesures: []\n");
  reply_ = a_join_is_wrong;
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "");
  EXPECT_NE(outcome.out.find("customers.yaml:6:1: error: unknown key \"mesures\""), std::string::npos);
  EXPECT_NE(outcome.out.find("[join_grain]"), std::string::npos);
  EXPECT_NE(outcome.out.find("Invalid: 2 sources of 1 connection, 1 error, 2 warnings\n"), std::string::npos);
  const Json request = Json::parse(planner_.request);
  EXPECT_EQ(request["complete"], false);
  ASSERT_EQ(request["sources"].size(), 1U);
  EXPECT_EQ(request["sources"][0]["name"], "orders");
}

TEST_F(SlValidateTest, WhatABrokenSourceCouldBeLookedUpFromIsSuspect) {
  folder_.write("semantic-layer/shop/profiles.yaml",
                "name: profiles\ntable: t\ngrain: [nope]\ncolumns: [{ name: id, type: number }]\njoins:\n"
                "  - { to: customers, on: id = customers.id, relationship: one_to_one }\n"
                "  - { to: orders, on: id = orders.id, relationship: many_to_one }\n");
  run({});
  EXPECT_EQ(compact_json(Json::parse(planner_.request)["suspect"]), R"(["customers"])");
}

TEST_F(SlValidateTest, AFileThatIsNotYamlKeepsThePlannerFromThatConnectionOnly) {
  folder_.write("semantic-layer/app/customers.yaml", customers);
  folder_.write("semantic-layer/shop/broken.yaml", "name: [\n");
  Outcome outcome = run({});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.out.find("broken.yaml:"), std::string::npos);
  ASSERT_EQ(planner_.requests.size(), 1U);
  EXPECT_EQ(Json::parse(planner_.request)["dialect"], "duckdb");
  // Nobody knows what is in the file: no source beside it is called valid, and it is named by its file.
  EXPECT_EQ(run({"orders"}).exit_code, 1);
  EXPECT_EQ(planner_.connections, 0);
  outcome = run({"broken"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.out.find("[yaml-syntax]"), std::string::npos);
}

TEST_F(SlValidateTest, FindingsOfAShardBelongToItsTables) {
  folder_.write("semantic-layer/shop/_schema/public.yaml",
                "tables:\n"
                "  one: { table: one, columns: [{ name: id, type: int }] }\n"
                "  two:\n    table: two\n    columns:\n      - { name: id, type: 5 }\n");
  const Json answer = Json::parse(run({"--json"}).out);
  ASSERT_EQ(answer["findings"].size(), 1U);
  EXPECT_EQ(answer["findings"][0]["source"], "two");
  EXPECT_EQ(answer["findings"][0]["connectionId"], "shop");
  EXPECT_EQ(Json::parse(planner_.request)["sources"].size(), 3U);
  const Outcome one = run({"one"});
  EXPECT_EQ(one.exit_code, 0);
  EXPECT_NE(one.out.find("Other sources have 1 error; what needs them was not checked"), std::string::npos)
      << one.out;
}

TEST_F(SlValidateTest, WhatIsOddInTheConfigurationIsInTheList) {
  folder_.write("ktx.yaml", "project: a\nconnections:\n  shop: { driver: oracel, url: 5 }\n");
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(
      outcome.out.find("ktx.yaml:3:19: warning: the driver \"oracel\" of the connection shop is not known"),
      0U)
      << outcome.out;
  EXPECT_NE(outcome.out.find("ktx.yaml:3:32: warning: connections.shop.url must be text"), std::string::npos);
  EXPECT_EQ(Json::parse(planner_.request)["dialect"], "postgres");
}

TEST_F(SlValidateTest, AnnotationsCountFromTheRepository) {
  reply_ = a_join_is_wrong;
  EXPECT_EQ(run({"--format", "github"}).out.find("::warning file=semantic-layer/shop,title=model_disc"), 0U);
  environment_.variables["GITHUB_WORKSPACE"] = folder_.path().parent_path().string();
  const std::string name = folder_.path().filename().string();
  EXPECT_EQ(run({"--format", "github"}).out.find("::warning file=" + name + "/semantic-layer/shop,"), 0U);
}

TEST_F(SlValidateTest, UsageErrorsComeBeforeAnythingElse) {
  const auto usage = [&](const std::vector<std::string>& arguments) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_EQ(usage({"--yes", "--no-input"}), "Choose only one runtime install mode: --yes or --no-input\n");
  EXPECT_EQ(usage({"--json", "--format", "github"}), "Choose only one of --json and --format github\n");
  EXPECT_EQ(usage({"--connection-id", "../x"}), "Unsafe connection id: ../x\n");
  EXPECT_NE(usage({"--format", "xml"}).find("--format"), std::string::npos);
  const Outcome outcome = run({"--connection-id", "shopp"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err.find("There is no connection \"shopp\" in ktx.yaml; did you mean \"shop\"?\n"), 0U);
}

}  // namespace
}  // namespace ktx::cli
