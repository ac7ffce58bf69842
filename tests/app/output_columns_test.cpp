#include "ktx/app/output_columns.hpp"

#include <gtest/gtest.h>

namespace ktx::app {
namespace {

/// The text as it is shown in a column of this granularity.
database::Value shown(const database::Value& value, const std::optional<std::string>& granularity) {
  database::Result result;
  result.columns = {"at"};
  result.rows = {{value}};
  show_days_as_dates({{"orders.at", granularity}}, result);
  return result.rows[0][0];
}

TEST(OutputColumns, ShowADayOrLongerAsADate) {
  const database::Value date = "2025-11-01";
  for (const char* granularity : {"day", "week", "month", "quarter", "year", "retail_month"}) {
    EXPECT_EQ(shown("2025-11-01T00:00:00", granularity), date) << granularity;
  }
  for (const char* midnight :
       {"2025-11-01", "2025-11-01 00:00", "2025-11-01 00:00:00", "2025-11-01T00:00:00.000000",
        "2025-11-01T00:00:00Z", "2025-11-01T00:00:00+00:00", "2025-11-01 00:00:00.000 -0500"}) {
    EXPECT_EQ(shown(midnight, "month"), date) << midnight;
  }
  EXPECT_EQ(shown("12025-11-01T00:00:00", "year"), database::Value("12025-11-01"));
}

TEST(OutputColumns, KeepWhatIsNoMidnightAndEveryShorterPeriod) {
  for (const char* text :
       {"2025-11-01T10:00:00", "2025-11-01T00:00:01", "2025-11-01T00:00:00.5", "2025-11-01T00",
        "2025-11-01T00:00:00 UTC+01", "about T00:00:00 o'clock", "infinity", ""}) {
    EXPECT_EQ(shown(text, "month"), database::Value(text)) << text;
  }
  EXPECT_EQ(shown(std::monostate{}, "month"), database::Value(std::monostate{}));
  EXPECT_EQ(shown(std::int64_t{2025}, "year"), database::Value(std::int64_t{2025}));
  const database::Value midnight = "2025-11-01T00:00:00";
  for (const char* granularity : {"second", "minute", "hour"}) {
    EXPECT_EQ(shown(midnight, granularity), midnight) << granularity;
  }
  EXPECT_EQ(shown(midnight, std::nullopt), midnight);
}

TEST(OutputColumns, LoseTheirPartsWithTheCellsOfEachRow) {
  using database::ColumnType;
  std::vector<semantic::OutputColumn> columns = {
      {"status"}, {"paid", std::nullopt, true}, {"share"}, {"all", std::nullopt, true}};
  database::Result result;
  result.columns = {"s", "p", "x", "a"};
  result.types = {ColumnType::text, ColumnType::unknown, ColumnType::number, ColumnType::boolean};
  result.rows = {{"open", std::int64_t{1}, 0.5, std::int64_t{2}}, {"paid", std::int64_t{3}, 0.75, true}};
  result.not_utf8 = {0, 1, 2};
  leave_out_parts(columns, result);
  EXPECT_EQ(semantic::names_of(columns), (std::vector<std::string>{"status", "share"}));
  EXPECT_EQ(result.columns, (std::vector<std::string>{"s", "x"}));
  EXPECT_EQ(result.types, (std::vector<ColumnType>{ColumnType::text, ColumnType::number}));
  EXPECT_EQ(result.rows[0], (std::vector<database::Value>{"open", 0.5}));
  EXPECT_EQ(result.rows[1], (std::vector<database::Value>{"paid", 0.75}));
  EXPECT_EQ(result.not_utf8, (std::vector<std::size_t>{0, 1}));
}

TEST(OutputColumns, StayAsTheyAreWithoutParts) {
  std::vector<semantic::OutputColumn> columns = {{"status"}, {"n"}};
  database::Result result;
  result.columns = {"s", "n"};
  result.rows = {{"open", std::int64_t{1}}};
  leave_out_parts(columns, result);
  EXPECT_EQ(columns.size(), 2U);
  EXPECT_TRUE(result.types.empty());
  EXPECT_EQ(result.rows[0].size(), 2U);
}

}  // namespace
}  // namespace ktx::app
