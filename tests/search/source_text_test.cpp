#include <gtest/gtest.h>

#include "ktx/search/document.hpp"
#include "search_fixture.hpp"

namespace ktx::search {
namespace {

class SourceTextTest : public test::SearchTest {
 protected:
  Document document(const std::string& yaml) const {
    write_source("daily_orders", yaml);
    for (Document& found : documents()) {
      if (found.name == "daily_orders") return found;
    }
    ADD_FAILURE() << "no such source";
    return {};
  }
};

TEST_F(SourceTextTest, SaysWhatIsKnown) {
  const Document found = document(R"(
descriptions: { ai: "Made up", user: "What was ordered" }
table: shop.orders
grain: [id]
default_time_dimension: { dbt: ordered_at }
columns:
  - { name: id, type: number, constraints: { dbt: { not_null: true, unique: true } } }
  - { name: status, type: string, description: "How far it is", enum_values: { dbt: [open, paid] } }
  - { name: ordered_at, type: time, constraints: { dbt: { not_null: true, unique: false } } }
joins:
  - { to: orders, on: "id = orders.id", relationship: one_to_one }
measures:
  - { name: order_count, expr: count(*), description: "All of them" }
  - { name: revenue, expr: sum(amount) }
segments:
  - { name: open_only, expr: status = 'open' }
tags: { dbt: [finance, daily] }
freshness: { dbt: { raw: { warn_after: { count: 12, period: hour } }, loaded_at_field: loaded_at } }
)");
  EXPECT_EQ(
      found.text,
      "daily orders. What was ordered. table: shop.orders. metric_time, default time: ordered_at. "
      "id (number) not_null unique. status (string) How far it is [dbt values: open, paid]. "
      "ordered_at (time) not_null. measure: order_count count(*) All of them. "
      "measure: revenue sum(amount). join: orders (one_to_one). dbt tags: finance, daily. "
      R"(dbt freshness: {"raw":{"warn_after":{"count":12,"period":"hour"}},"loaded_at_field":"loaded_at"})");
  EXPECT_EQ(found.meaning,
            "daily orders. What was ordered. order count: All of them. revenue. open only. "
            "status: How far it is (open, paid). ordered at. table shop.orders");
  EXPECT_EQ(found.enum_values, (std::vector<ColumnValue>{{"status", "open"}, {"status", "paid"}}));
  EXPECT_EQ(found.relation, "shop.orders");
  EXPECT_EQ(found.text_columns, (std::vector<std::string>{"status"}));
}

TEST_F(SourceTextTest, CutsFreshnessBetweenCharacters) {
  std::string long_text;
  for (int i = 0; i < 200; ++i) long_text += "ü";
  const Document found =
      document("table: t\ngrain: [id]\ncolumns: [{ name: id, type: number }]\nfreshness: { dbt: { raw: \"" +
               long_text + "\" } }\n");
  const std::string begin = "dbt freshness: {\"raw\":\"";
  const std::size_t at = found.text.find(begin);
  ASSERT_NE(at, std::string::npos);
  const std::string json = found.text.substr(at + std::string("dbt freshness: ").size());
  EXPECT_EQ(json, "{\"raw\":\"" + long_text.substr(0, 2 * (120 - 8)));
}

TEST_F(SourceTextTest, KeepsHiddenColumnsOutOfEverything) {
  const Document found = document(
      "sql: \"select * from t -- all ; \"\ngrain: [id]\ncolumns:\n  - { name: id, type: number }\n"
      "  - { name: secret_name, type: string, visibility: hidden, description: covert, "
      "enum_values: { dbt: [hush] } }\n"
      "  - { name: inner_name, type: string, visibility: internal }\n"
      "  - { name: made, type: string, expr: \"upper(inner_name)\" }\n");
  EXPECT_EQ(found.text, "daily orders. id (number). inner_name (string). made (string)");
  EXPECT_EQ(found.meaning, "daily orders. inner name. made");
  EXPECT_TRUE(found.enum_values.empty());
  EXPECT_EQ(found.text_columns, (std::vector<std::string>{"inner_name"}));
  EXPECT_EQ(found.relation, "(select * from t -- all\n)");
}

TEST_F(SourceTextTest, SaysWhatMeasuresOverTimeAreMadeOfAndNothingOfHiddenOnes) {
  const Document found = document(
      "table: t\ngrain: [id]\ndefault_time_dimension: paid_at\ncolumns: [{ name: id, type: number }]\n"
      "measures:\n  - { name: revenue, expr: sum(id), label: Money taken, description: Net of tax }\n"
      "  - { name: buyers_28d, cumulative: { of: buyers, window: 28 days } }\n"
      "  - { name: buyers, expr: count(id), visibility: hidden, label: Covert }\n");
  EXPECT_EQ(found.text,
            "daily orders. table: t. metric_time, default time: paid_at. id (number). measure: revenue "
            "sum(id) Money taken. "
            "Net of tax. measure: buyers_28d cumulative(buyers, '28 days')");
  EXPECT_EQ(found.meaning, "daily orders. revenue: Money taken. Net of tax. buyers 28d. table t");
}

}  // namespace
}  // namespace ktx::search
