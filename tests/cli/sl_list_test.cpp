#include <gtest/gtest.h>

#include <string>

#include "command_line.hpp"
#include "ktx/output/output_mode.hpp"
#include "temporary_directory.hpp"

namespace ktx::cli {
namespace {

using ktx::test::TemporaryDirectory;
using test::CommandLine;
using test::Outcome;

class SlListTest : public testing::Test {
 protected:
  SlListTest() {
    folder_.write("ktx.yaml", "project: a\nconnections: { shop: { driver: sqlite }, bare: {} }\n");
    folder_.write("semantic-layer/shop/orders.yaml",
                  "name: orders\ntable: t\ndescription: \"What was sold.\\nMore.\"\ngrain: [id]\n"
                  "columns: [{ name: id, type: number }]\n"
                  "joins: [{ to: days, on: id = days.id, relationship: many_to_one }]\n");
    folder_.write(
        "semantic-layer/shop/_schema/public.yaml",
        "tables: { days: { table: t, columns: [{ name: id, type: int }, { name: day, type: date }] } }\n");
    folder_.write("semantic-layer/app/events.yaml",
                  "table: t\ngrain: [id]\ncolumns: [{ name: id, type: number }]\n"
                  "measures: [{ name: n, expr: count(*) }, { name: m, expr: max(id) }]\n");
  }

  Outcome run(std::vector<std::string> arguments) {
    Context context;
    context.environment = environment_;
    context.environment.directory = folder_.path();
    arguments.insert(arguments.begin(), {"sl", "list"});
    return CommandLine(std::move(context)).run(std::move(arguments));
  }

  TemporaryDirectory folder_;
  Environment environment_;
};

constexpr const char* plain =
    "app\tevents\tcolumns=1\tmeasures=2\tjoins=0\n"
    "shop\tdays\tcolumns=2\tmeasures=0\tjoins=0\n"
    "shop\torders\tcolumns=1\tmeasures=0\tjoins=1\n";

TEST_F(SlListTest, IsPlainWithoutATerminal) {
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, plain);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(SlListTest, IsPrettyForAPerson) {
  EXPECT_EQ(run({"--output", "pretty"}).out,
            "┌  Semantic-layer sources\n"
            "│\n"
            "◇  app (1 source)\n"
            "│    events  1 col · 2 measures · 0 joins\n"
            "│\n"
            "◇  shop (2 sources)\n"
            "│    days  2 cols · 0 measures · 0 joins\n"
            "│    orders  1 col · 0 measures · 1 join — What was sold.\n"
            "│\n"
            "└  3 sources\n");
}

TEST_F(SlListTest, IsJson) {
  EXPECT_EQ(run({"--json", "--connection-id", "shop"}).out,
            R"({
  "kind": "list",
  "data": {
    "items": [
      {
        "connectionId": "shop",
        "name": "days",
        "path": "semantic-layer/shop/_schema/public.yaml",
        "columnCount": 2,
        "measureCount": 0,
        "joinCount": 0
      },
      {
        "connectionId": "shop",
        "name": "orders",
        "path": "semantic-layer/shop/orders.yaml",
        "description": "What was sold.\nMore.",
        "columnCount": 1,
        "measureCount": 0,
        "joinCount": 1
      }
    ]
  },
  "meta": {
    "command": "sl list"
  }
}
)");
}

TEST_F(SlListTest, AnEmptyListIsNothingInPlain) {
  EXPECT_EQ(run({"--connection-id", "bare"}).out, "");
  EXPECT_EQ(run({"--connection-id", "bare", "--output", "pretty"}).out,
            "┌  Semantic-layer sources\n│\n└  No semantic-layer sources found\n");
  EXPECT_EQ(run({"--connection-id", "none"}).exit_code, 1);
}

TEST_F(SlListTest, ListsWhatItCanAndReportsTheRest) {
  folder_.write("semantic-layer/app/broken.yaml", "name: [\n");
  const Outcome outcome = run({});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, plain);
  EXPECT_EQ(outcome.err.find("semantic-layer/app/broken.yaml:2:1: error: "), 0U) << outcome.err;
}

TEST_F(SlListTest, ABadModeIsAUsageError) {
  Outcome outcome = run({"--output", "xml"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err, "Invalid --output value: xml. Expected one of pretty, plain, json.\n");
  environment_.variables["KTX_OUTPUT"] = "xml";
  outcome = run({});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.err, "Invalid KTX_OUTPUT value: xml. Expected one of pretty, plain, json.\n");
}

TEST_F(SlListTest, DebugNamesTheProject) {
  Context context;
  context.environment.directory = folder_.path() / "semantic-layer";
  context.debug = true;
  EXPECT_EQ(CommandLine(std::move(context)).run({"sl", "list"}).err,
            "[debug] projectDir=" + folder_.path().string() + "\n");
}

TEST_F(SlListTest, TakesTheProjectBeforeOrAfterTheCommand) {
  const auto run_at_root = [](std::vector<std::string> arguments) {
    Context context;
    context.environment.directory = "/";
    return CommandLine(std::move(context)).run(std::move(arguments)).out;
  };
  const std::string folder = folder_.path().string();
  EXPECT_EQ(run_at_root({"sl", "list", "--project-dir", folder}), plain);
  EXPECT_EQ(run_at_root({"--project-dir", folder, "sl", "list"}), plain);
}

TEST(OutputMode, IsChosenInOrder) {
  Environment environment;
  EXPECT_EQ(choose_output_mode(false, {}, environment, true), OutputMode::pretty);
  EXPECT_EQ(choose_output_mode(false, {}, environment, false), OutputMode::plain);
  environment.variables["CI"] = "false";
  EXPECT_EQ(choose_output_mode(false, {}, environment, true), OutputMode::pretty);
  environment.variables["CI"] = "1";
  EXPECT_EQ(choose_output_mode(false, {}, environment, true), OutputMode::plain);
  environment.variables["KTX_OUTPUT"] = "json";
  EXPECT_EQ(choose_output_mode(false, {}, environment, true), OutputMode::json);
  EXPECT_EQ(choose_output_mode(false, "pretty", environment, false), OutputMode::pretty);
  EXPECT_EQ(choose_output_mode(true, "pretty", environment, false), OutputMode::json);
}

}  // namespace
}  // namespace ktx::cli
