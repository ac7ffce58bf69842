#include "ktx/output/query_view.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "golden.hpp"
#include "ktx/app/cell.hpp"
#include "ktx/output/result_views.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

using database::Blob;
using ktx::test::expect_golden;

const std::filesystem::path golden = KTX_GOLDEN_DIR;

/// Every type of value, and texts that a table or a CSV file can stumble over.
app::QueryAnswer answer() {
  const std::int64_t large = 9007199254740993;
  const double infinity = std::numeric_limits<double>::infinity();
  app::QueryAnswer answer{
      "shop", {"SELECT …", "sqlite", {}, Json::object(), {}}, app::Execution{"sqlite", 100, {}, {}}};
  answer.compiled.columns = {{"text"}, {"whole"}, {"real"}, {"mixed"}, {"bytes"}};
  answer.compiled.warnings = {{"w", "warning", "said", "a.yaml:1:2"}};
  database::Result& result = answer.execution->result;
  result.columns = {"text", "n", "r", "m", "b"};
  result.rows = {
      {"plain", large, 1.5, std::int64_t{1}, Blob{std::string("\x00\xFF", 2)}},
      {std::monostate{}, std::monostate{}, std::monostate{}, std::monostate{}, std::monostate{}},
      {"", std::int64_t{-1}, 2.0, "text", Blob{}},
      {"a,b \"c\"\nd\te", std::int64_t{0}, infinity, 0.1, std::monostate{}},
      {"数据 é", std::int64_t{7}, 1e300, -0.0, std::monostate{}},
      {"\x1B[31mred\xFF", std::int64_t{7}, 1e-7, "=1+1", std::monostate{}},
  };
  return answer;
}

std::string table(const app::QueryAnswer& shown) {
  return render_table({semantic::names_of(shown.compiled.columns), shown.execution->result}, {}, {}).text;
}

std::string csv(const app::QueryAnswer& shown) {
  return render_csv({semantic::names_of(shown.compiled.columns), shown.execution->result});
}

TEST(QueryView, Table) { expect_golden(golden / "values.table.txt", table(answer())); }

TEST(QueryView, Csv) { expect_golden(golden / "values.csv", csv(answer())); }

TEST(QueryView, JsonText) { expect_golden(golden / "values.json", render_query_json(answer())); }

TEST(QueryView, TheJsonIsJson) {
  const Json json = Json::parse(render_query_json(answer()));
  EXPECT_EQ(json["rows"][0][1], "9007199254740993");
  EXPECT_TRUE(json["rows"][1][0].is_null());
  EXPECT_EQ(json["rows"][3][2], "Infinity");
}

TEST(QueryView, ExactNumbersAndTruths) {
  app::QueryAnswer shown = answer();
  shown.compiled.columns = {{"exact"}, {"paid"}};
  database::Result& result = shown.execution->result;
  result.columns = semantic::names_of(shown.compiled.columns);
  result.rows = {{database::Decimal{"12.30"}, true}, {database::Decimal{"12345678901234567890.5"}, false}};
  EXPECT_EQ(csv(shown), "exact,paid\r\n12.30,true\r\n12345678901234567890.5,false\r\n");
  const Json rows = Json::parse(render_query_json(shown))["rows"];
  EXPECT_EQ(rows, Json::parse(R"([[12.3, true], ["12345678901234567890.5", false]])"));
}

TEST(QueryView, ANumberIsAJsonNumberWhereADoubleHoldsIt) {
  const auto json_of = [](const database::Value& value) { return app::cell_json(value).dump(); };
  const auto exact = [&](const char* digits) { return json_of(database::Decimal{digits}); };
  EXPECT_EQ(json_of(std::int64_t{9007199254740991}), "9007199254740991");
  EXPECT_EQ(json_of(std::int64_t{-9007199254740991}), "-9007199254740991");
  EXPECT_EQ(json_of(std::int64_t{9007199254740992}), "\"9007199254740992\"");
  EXPECT_EQ(json_of(std::int64_t{-9007199254740993}), "\"-9007199254740993\"");
  // The same numbers from a database that has them as NUMERIC.
  EXPECT_EQ(exact("9007199254740991"), "9007199254740991");
  EXPECT_EQ(exact("9007199254740993"), "\"9007199254740993\"");
  EXPECT_EQ(exact("9007199254740991.000"), "9.007199254740991e+15");
  EXPECT_EQ(exact("2.5000000000000000"), "2.5");
  EXPECT_EQ(exact("4.0000000000000000"), "4.0");
  EXPECT_EQ(exact("0.0000000000000000"), "0.0");
  EXPECT_EQ(exact("0.00012000000000000000"), "0.00012");
  EXPECT_EQ(exact("0.123456789012345"), "0.123456789012345");
  EXPECT_EQ(exact("1.1234567890123456"), "\"1.1234567890123456\"");
}

TEST(QueryView, WithoutRows) {
  app::QueryAnswer empty = answer();
  empty.execution->result.rows.clear();
  EXPECT_EQ(table(empty), "text  whole  real  mixed  bytes\n----  -----  ----  -----  -----\n");
  EXPECT_EQ(csv(empty), "text,whole,real,mixed,bytes\r\n");
}

TEST(QueryView, ALoneNullIsStillARowOfCsv) {
  app::QueryAnswer lone = answer();
  lone.compiled.columns = {{"x"}};
  lone.execution->result.rows = {{std::monostate{}}, {std::int64_t{1}}};
  EXPECT_EQ(csv(lone), "x\r\n\"\"\r\n1\r\n");
}

TEST(QueryView, OnlyATableRoundsTheNoiseOfBinaryFractions) {
  app::QueryAnswer noisy = answer();
  noisy.compiled.columns = {{"x"}};
  noisy.execution->result.rows = {{0.1 + 0.2}, {57879.92999999999}, {1234567890.123456}};
  EXPECT_EQ(table(noisy),
            "               x\n----------------\n         0.3\n     57879.93\n1234567890.12346\n");
  EXPECT_EQ(csv(noisy), "x\r\n0.30000000000000004\r\n57879.92999999999\r\n1234567890.123456\r\n");
  EXPECT_EQ(Json::parse(render_query_json(noisy))["rows"][0][0], 0.1 + 0.2);
}

/// A tree with every kind of branch, and a text that could steer a terminal.
semantic::Explanation explanation() {
  return {"orders.revenue by regions.name",
          {{"Aggregate orders",
            {{"join customers", {{"many_to_one", {}}, {"join regions", {{"many_to_one", {}}}}}},
             {"SUM(orders.amount) for orders.revenue", {}}}},
           {"Merge", {{"NULL equals NULL", {}}}},
           {"Row filter name <> '\n\x1B[31m'", {}}}};
}

TEST(QueryView, Explanation) { expect_golden(golden / "explanation.txt", render_explanation(explanation())); }

TEST(QueryView, AnExplanationFitsItsTerminalAndKeepsItsTree) {
  const semantic::Explanation tree = {
      "every order counts once, whoever made it",
      {{"a row of orders stays in any case", {{"with NULLs", {}}}}, {"the last one is a long line too", {}}}};
  EXPECT_EQ(render_explanation(tree, 26),
            "every order counts once,\n"
            "│  whoever made it\n"
            "├─ a row of orders stays\n"
            "│  │  in any case\n"
            "│  └─ with NULLs\n"
            "└─ the last one is a long\n"
            "   line too\n");
}

TEST(QueryView, AnExplanationIsAFieldOfTheJsonWhenItWasAskedFor) {
  app::QueryAnswer explained = answer();
  EXPECT_FALSE(Json::parse(render_query_json(explained)).contains("explanation"));
  explained.compiled.explanation = {"top", {{"below", {}}}};
  const Json json = Json::parse(render_query_json(explained));
  EXPECT_EQ(compact_json(json["explanation"]),
            R"({"text":"top","children":[{"text":"below","children":[]}]})");
}

TEST(QueryView, AWarningIsOneLineWhateverItQuotes) {
  EXPECT_EQ(render_warnings({{"join_grain", "warning", "may repeat rows", "orders.yaml:9:5"},
                             {"filter_partial", "info", "The filter `a =\n'\x1B[31m'`", ""}}),
            "orders.yaml:9:5: warning: may repeat rows [join_grain]\n"
            "info: The filter `a =\\n'\\u001b[31m'` [filter_partial]\n");
  EXPECT_EQ(render_warnings({}), "");
}

TEST(TextWidth, CountsCells) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("数据"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(printable("a\nb\x7F"), "a\\nb\\u007f");
  EXPECT_EQ(printable("\u0085"), "\\u0085");
}

}  // namespace
}  // namespace ktx::cli
