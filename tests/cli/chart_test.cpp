#include "chart.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "expect_error.hpp"
#include "golden.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

using database::Value;
using ktx::test::error_of;
using ktx::test::expect_golden;

const std::filesystem::path chart_goldens = KTX_GOLDEN_DIR;
const Style ascii(false, false);

const std::vector<std::string> bar_headers = {"regions.name", "orders.revenue", "orders.growth"};

database::Result region_result() {
  database::Result result;
  result.rows = {{"north", std::int64_t{1200}, 0.5},
                 {"a region with quite a long name", std::int64_t{75}, -0.25},
                 {std::monostate{}, std::int64_t{600}, std::monostate{}},
                 {"zero", std::int64_t{0}, 0.0},
                 {"数据", std::monostate{}, std::numeric_limits<double>::infinity()}};
  return result;
}

const std::vector<std::string> month_headers = {"orders.month", "orders.revenue"};

database::Result month_result() {
  database::Result result;
  const std::vector<std::int64_t> values = {3, 9, 4, 12, 15, 2};
  for (std::size_t i = 0; i < values.size(); ++i) {
    result.rows.push_back({"2026-0" + std::to_string(i + 1) + "-01", values[i]});
  }
  result.rows[2][1] = std::monostate{};
  result.rows.push_back({std::monostate{}, std::int64_t{100}});
  std::swap(result.rows[0], result.rows[4]);
  return result;
}

TEST(BarChart, NegativesNullsAndZeros) {
  const database::Result result = region_result();
  const Chart chart = make_chart({bar_headers, result}, 1);
  expect_golden(chart_goldens / "bars.txt", render_bars(chart, {}, {60, 24}));
  expect_golden(chart_goldens / "bars.ascii.txt", render_bars(chart, ascii, {60, 24}));
}

TEST(BarChart, AllZeroHasNoBars) {
  database::Result result;
  result.rows = {{"a", std::int64_t{0}}, {"b", std::int64_t{0}}};
  const std::vector<std::string> headers = {"k", "n"};
  EXPECT_EQ(render_bars(make_chart({headers, result}, {}), {}, {40, 24}), "n\na  0\nb  0\n");
}

TEST(BarChart, SaysHowManyRowsAreLeftOut) {
  database::Result result;
  for (std::int64_t i = 0; i < 1000; ++i) result.rows.push_back({"row " + std::to_string(i), i});
  const std::vector<std::string> headers = {"k", "n"};
  const std::string text = render_bars(make_chart({headers, result}, {}), {}, {80, 24});
  EXPECT_NE(text.find("row 49"), std::string::npos);
  EXPECT_EQ(text.find("row 50"), std::string::npos);
  EXPECT_TRUE(text.ends_with("950 more rows not drawn (--limit, --format csv)\n")) << text;
}

TEST(BarChart, LabelsAreThoseOfTheQueryOrGuessed) {
  database::Result result;
  result.rows = {{std::int64_t{2025}, std::int64_t{7}}, {std::int64_t{2026}, std::int64_t{9}}};
  const std::vector<std::string> headers = {"year", "n"};
  EXPECT_EQ(make_chart({headers, result}, {}).labels, (std::vector<std::string>{"2025", "2026"}));
  EXPECT_EQ(make_chart({headers, result}, 0).series.size(), 2U);
  EXPECT_EQ(make_chart({headers, result}, 0).labels, (std::vector<std::string>{"1", "2"}));
}

TEST(LineChart, OverTimeInOrderWithGaps) {
  const database::Result result = month_result();
  const Chart chart = make_chart({month_headers, result}, 1);
  EXPECT_EQ(fitting_kind(chart), ChartKind::line);
  expect_golden(chart_goldens / "line.txt", render_lines(chart, {}, {60, 14}));
  expect_golden(chart_goldens / "line.ascii.txt", render_lines(chart, ascii, {60, 14}));
}

TEST(LineChart, OnePointAndNoValueAreDrawnToo) {
  database::Result result;
  result.rows = {{"2026-01-01", std::int64_t{5}, std::monostate{}}};
  result.types = {database::ColumnType::time, database::ColumnType::number, database::ColumnType::number};
  const std::vector<std::string> headers = {"t", "n", "m"};
  const std::string text = render_lines(make_chart({headers, result}, {}), ascii, {30, 24});
  EXPECT_NE(text.find('*'), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("m\nNULL in every row\n")) << text;
}

TEST(Charts, FitTheWidth) {
  const database::Result regions = region_result();
  const database::Result months = month_result();
  for (std::size_t columns = 20; columns < 200; columns += 7) {
    for (const Style& style : {Style{}, ascii}) {
      const std::string text = render_bars(make_chart({bar_headers, regions}, 1), style, {columns, 24}) +
                               render_lines(make_chart({month_headers, months}, 1), style, {columns, 24});
      std::istringstream stream(text);
      for (std::string line; std::getline(stream, line);) ASSERT_LE(display_width(line), columns) << line;
    }
  }
}

TEST(Charts, WrongShapesAreOneError) {
  database::Result result;
  const std::vector<std::string> headers = {"a", "b"};
  EXPECT_EQ(error_of([&] {
              make_chart({headers, result}, {});
            }).message(),
            "There is nothing to draw: the result has no rows");
  result.rows = {{"x", "y"}};
  EXPECT_EQ(error_of([&] {
              make_chart({headers, result}, {});
            }).message(),
            "There is nothing to draw: no column of the result holds numbers");
  result.rows = {{"x", "y", std::int64_t{1}}};
  const std::vector<std::string> three = {"a", "b", "c"};
  const Chart chart = make_chart({three, result}, {});
  EXPECT_EQ(chart.labels.front(), "x, y");
  EXPECT_EQ(error_of([&] {
              render_lines(chart, {}, {80, 24});
            }).message(),
            "A line is drawn along one dimension, and the result has 2 (a, b)");
}

}  // namespace
}  // namespace ktx::cli
