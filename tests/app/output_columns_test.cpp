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

}  // namespace
}  // namespace ktx::app
