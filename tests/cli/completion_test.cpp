#include <gtest/gtest.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "app.hpp"
#include "completion/completer.hpp"

namespace ktx::cli {
namespace {

namespace fs = std::filesystem;
using Values = std::vector<std::string>;

constexpr const char* bash_breaks = " \t\n\"'@><=;|&(:";

constexpr const char* orders_with_all = R"(name: orders
table: orders
grain: [id]
columns:
  - {name: id, type: number}
  - {name: status, type: string, description: How far the order is}
  - {name: created_at, type: time}
  - {name: secret, type: string, visibility: hidden}
measures:
  - {name: revenue, expr: sum(amount), description: Money taken}
  - {name: record_count, expr: count(id)}
  - {name: revenue_raw, expr: sum(amount), visibility: hidden}
segments:
  - {name: paid, expr: status = 'paid'}
)";

constexpr const char* bare_customers = R"(name: customers
table: customers
grain: [id]
columns:
  - {name: id, type: number}
)";

void put_file(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

class CompletionTest : public testing::Test {
 protected:
  CompletionTest() {
    std::string pattern = (fs::temp_directory_path() / "ktx-completion-XXXXXX").string();
    project = ::mkdtemp(pattern.data());
    put_file(project / "ktx.yaml",
             "project: shop\nconnections:\n  warehouse: {driver: sqlite, path: shop.db}\n  lake: {driver: "
             "duckdb}\n");
    put_file(project / "semantic-layer/warehouse/orders.yaml", orders_with_all);
    put_file(project / "semantic-layer/warehouse/customers.yaml", bare_customers);
    put_file(project / "wiki/global/refunds.md", "---\nsummary: x\n---\n");
    context.environment = Environment::current();
    context.environment.variables.erase("KTX_PROJECT_DIR");
    context.environment.directory = project;
  }
  ~CompletionTest() override { fs::remove_all(project); }

  CompletionAnswer answer(const std::string& line) {
    return complete(*app, split_line(line, bash_breaks), context.environment);
  }

  Values values(const std::string& line) {
    Values found;
    for (const Candidate& candidate : answer(line).candidates) found.push_back(candidate.value);
    return found;
  }

  fs::path project;
  Context context;
  std::unique_ptr<CLI::App> app = make_app(context);
};

TEST_F(CompletionTest, CommandsAreThoseThatAreShown) {
  const Values all = values("ktx ");
  EXPECT_NE(std::ranges::find(all, "sl"), all.end());
  for (const std::string& name : all) EXPECT_FALSE(name.starts_with("__")) << name;
  EXPECT_EQ(values("ktx sl que"), Values{"query"});
  EXPECT_EQ(values("ktx help runtime st"), (Values{"start", "stop", "status"}));
}

TEST_F(CompletionTest, OptionsAreOfTheCommandAndGlobal) {
  EXPECT_EQ(values("ktx sl query --me"), Values{"--measure"});
  EXPECT_EQ(values("ktx sl query --project-"), Values{"--project-dir"});
  EXPECT_EQ(values("ktx sl list --mea"), Values{});
}

TEST_F(CompletionTest, AnOptionComesAgainOnlyWhenItMay) {
  EXPECT_EQ(values("ktx sl query --measure a --mea"), Values{"--measure"});
  EXPECT_EQ(values("ktx sl query --limit 3 --lim"), Values{});
}

TEST_F(CompletionTest, EnumeratedValuesAreThoseOfTheCheck) {
  EXPECT_EQ(values("ktx sl query --format "), (Values{"table", "json", "csv", "markdown", "parquet", "sql"}));
  EXPECT_EQ(values("ktx sl query --format=t"), Values{"--format=table"});
  EXPECT_EQ(values("ktx sl conformance --only joins,z"), Values{"joins,zones"});
  EXPECT_EQ(values("ktx sl schema so"), Values{"source"});
  EXPECT_EQ(values("ktx sl list --output p"), (Values{"pretty", "plain"}));
}

TEST_F(CompletionTest, NamesComeFromTheProject) {
  EXPECT_EQ(values("ktx sl list --connection-id "), (Values{"warehouse", "lake"}));
  EXPECT_EQ(values("ktx sl validate "), (Values{"customers", "orders"}));
  EXPECT_EQ(values("ktx sl query --measure orders.re"), (Values{"orders.revenue", "orders.record_count"}));
  EXPECT_EQ(values("ktx sl query --segment "), Values{"orders.paid"});
  EXPECT_EQ(values("ktx sl query --join-path orders,c"), Values{"orders,customers"});
  const auto measures = answer("ktx sl query --measure orders.rev").candidates;
  ASSERT_EQ(measures.size(), 1U);
  EXPECT_EQ(measures[0].description, "Money taken");
}

TEST_F(CompletionTest, DimensionsHaveGranularitiesWhenTheyAreTimes) {
  EXPECT_EQ(values("ktx sl query --dimension orders."),
            (Values{"orders.id", "orders.status", "orders.created_at"}));  // hidden ones stay hidden
  EXPECT_EQ(values("ktx sl query --dimension orders.created_at:m"),
            (Values{"orders.created_at:minute", "orders.created_at:month"}));
  EXPECT_EQ(values("ktx sl query --dimension orders.status:"), Values{});
}

TEST_F(CompletionTest, EachMeasuresOwnTimeIsADimensionWhereASourceIsDated) {
  EXPECT_EQ(values("ktx sl query --dimension metric"), Values{});
  put_file(project / "semantic-layer/warehouse/orders.yaml",
           std::string(orders_with_all) + "default_time_dimension: created_at\n");
  EXPECT_EQ(values("ktx sl query --dimension metric_time:m"),
            (Values{"metric_time:minute", "metric_time:month"}));
  EXPECT_EQ(values("ktx sl query --dimension met").front(), "metric_time");
  EXPECT_EQ(values("ktx sl query --filter met"), Values{"metric_time"});
}

TEST_F(CompletionTest, AnOrderIsOfWhatTheLineSelects) {
  const std::string line =
      "ktx sl query --measure orders.revenue --dimension orders.created_at:month --order-by ";
  EXPECT_EQ(values(line), (Values{"orders.revenue", "orders.created_at"}));
  EXPECT_EQ(values(line + "orders.revenue:"), (Values{"orders.revenue:asc", "orders.revenue:desc"}));
}

TEST_F(CompletionTest, TheProjectMayBeNamedEarlierOnTheLine) {
  context.environment.directory = "/";
  EXPECT_EQ(values("ktx sl query --measure "), Values{});
  EXPECT_EQ(values("ktx --project-dir '" + project.string() + "' sl query --segment "),
            Values{"orders.paid"});
  EXPECT_EQ(values("ktx --project-dir=" + project.string() + " sl query --segment "), Values{"orders.paid"});
}

TEST_F(CompletionTest, AConnectionOnTheLineChoosesItsSources) {
  EXPECT_EQ(values("ktx sl query --connection-id lake --measure "), Values{});
  EXPECT_EQ(values("ktx sl query --connection-id ../x --measure "), Values{});
}

TEST_F(CompletionTest, PathsAreTheShellsToFind) {
  EXPECT_EQ(answer("ktx --project-dir ").paths, CompletionAnswer::Paths::folders);
  EXPECT_EQ(answer("ktx runtime install --from-bundle ").paths, CompletionAnswer::Paths::files);
}

TEST_F(CompletionTest, ADamagedProjectHasNoNamesAndNoError) {
  put_file(project / "semantic-layer/warehouse/orders.yaml", "name: [");
  EXPECT_EQ(values("ktx sl validate "), Values{"customers"});
  put_file(project / "ktx.yaml", "connections: [");
  EXPECT_EQ(values("ktx sl validate "), Values{});
}

TEST(TypedWordsTest, QuotesAndBackslashesAreOfTheShell) {
  const TypedWords words = split_line(R"(ktx sl query --filter "a > 'b'" --measure or\ d)", bash_breaks);
  EXPECT_EQ(words.before, (Values{"sl", "query", "--filter", "a > 'b'", "--measure"}));
  EXPECT_EQ(words.current, "or d");
  EXPECT_EQ(split_line("ktx sl ", "").before, Values{"sl"});
  EXPECT_EQ(split_line("ktx sl '' ", "").before, (Values{"sl", ""}));
}

TEST(TypedWordsTest, AShellKeepsWhatStandsBeforeItsOwnBreak) {
  EXPECT_EQ(split_line("ktx --dimension orders.created_at:mo", bash_breaks).kept, 18U);
  EXPECT_EQ(split_line("ktx --dimension=orders.created_at:mo", bash_breaks).kept, 30U);
  EXPECT_EQ(split_line("ktx --dimension orders.created_at:mo", "=").kept, 0U);
  EXPECT_EQ(split_line("ktx --measure=\"ord", bash_breaks).kept, 10U);  // the quote is a break too
  EXPECT_EQ(split_line("ktx --measure \"a:b", bash_breaks).kept, 0U);   // nothing breaks inside of quotes
}

}  // namespace
}  // namespace ktx::cli
