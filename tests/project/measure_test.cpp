#include "ktx/project/measure.hpp"

#include <gtest/gtest.h>

#include "duration.hpp"
#include "ktx/yaml/document.hpp"

namespace ktx::project {
namespace {

std::string shown(const std::string& measure) {
  return expression_of(std::get<yaml::Node>(yaml::parse("{ " + measure + " }", 0)));
}

TEST(Measure, IsShownByWhatItIsMadeOf) {
  EXPECT_EQ(shown("name: a, expr: sum(x)"), "sum(x)");
  EXPECT_EQ(shown("name: a, cumulative: { of: revenue }"), "cumulative(revenue)");
  EXPECT_EQ(shown("name: a, cumulative: { of: revenue, window: 28 days }"), "cumulative(revenue, '28 days')");
  EXPECT_EQ(shown("name: a, cumulative: { of: revenue, window: 28 days, period: first }"),
            "cumulative(revenue, '28 days', 'first')");
  EXPECT_EQ(shown("name: a, cumulative: { of: revenue, window: 28 days, period: last }"),
            "cumulative(revenue, '28 days')");
  EXPECT_EQ(shown("name: a, cumulative: { of: revenue, to_grain: month, period: average }"),
            "to_date(revenue, 'month', 'average')");
  EXPECT_EQ(shown("name: a, cumulative: { of: orders.revenue, to_grain: month }"),
            "to_date(orders.revenue, 'month')");
  EXPECT_EQ(shown("name: a, offset: { of: revenue, by: 1 year }"), "offset(revenue, '1 year')");
  EXPECT_EQ(shown("name: a, offset: { of: revenue, to_grain: month }"), "offset(revenue, 'month')");
  EXPECT_EQ(shown("name: a, cumulative: , offset: { of: revenue, by: 2 weeks }"),
            "offset(revenue, '2 weeks')");
  EXPECT_EQ(shown("name: a"), "");
}

TEST(Measure, IsShownByWhatConverts) {
  const std::string plain = "name: a, conversion: { base: visits, conversion: orders.paid, entity: person_id";
  EXPECT_EQ(shown(plain + " }"), "conversion(visits, orders.paid, person_id)");
  EXPECT_EQ(shown(plain + ", window: 7 days, calculate: rate }"),
            "conversion(visits, orders.paid, person_id, '7 days')");
  EXPECT_EQ(shown(plain + ", calculate: count, constant: [product_id, { base: shop, conversion: store }] }"),
            "conversions(visits, orders.paid, person_id, product_id, shop = store)");
  EXPECT_EQ(shown("name: a, conversion: { base: b, conversion: c, calculate: conversions, "
                  "entity: { base: visitor, conversion: buyer } }"),
            "conversions(b, c, visitor = buyer)");
}

TEST(Measure, HasItsLabelBeforeItsDescription) {
  const auto said = [](const std::string& measure) {
    return description_of(std::get<yaml::Node>(yaml::parse("{ " + measure + " }", 0)));
  };
  EXPECT_EQ(said("name: a, label: Money, description: What was paid"), "Money. What was paid");
  EXPECT_EQ(said("name: a, label: Money"), "Money");
  EXPECT_EQ(said("name: a, label: '', description: What was paid"), "What was paid");
}

TEST(Measure, IsDatedByItsSource) {
  const auto dated = [](const std::string& definition) {
    return default_time_of({"a", {}, std::get<yaml::Node>(yaml::parse("{ " + definition + " }", 0))});
  };
  EXPECT_EQ(dated("default_time_dimension: at"), "at");
  EXPECT_EQ(dated("default_time_dimension: orders.at"), "orders.at");
  EXPECT_EQ(dated("default_time_dimension: { dbt: at }"), "at");
  EXPECT_EQ(dated("default_time_dimension: { }"), "");
  EXPECT_EQ(dated("default_time_dimension:"), "");
  EXPECT_EQ(dated("table: t"), "");
}

TEST(Duration, IsANumberAndAPeriod) {
  for (const char* text : {"28 days", "1 year", "1 years", "12  hours", "90 second"}) {
    EXPECT_TRUE(is_duration(text)) << text;
  }
  for (const char* text : {"", "28", "days", "28days", "0 days", "028 days", "-1 day", "1.5 days", "28 Days",
                           "28 days ago", " 28 days", "28 dayss", "28 s", "28 "}) {
    EXPECT_FALSE(is_duration(text)) << text;
  }
}

TEST(Duration, IsGuessedWhereAPeriodIsNear) {
  EXPECT_EQ(meant_duration("28 dys"), "28 days");
  EXPECT_EQ(meant_duration("1 Years"), "1 year");
  EXPECT_EQ(meant_duration("3months"), "3 months");
  EXPECT_EQ(meant_duration("28"), "");
  EXPECT_EQ(meant_duration("last month"), "");
}

}  // namespace
}  // namespace ktx::project
