#include "tools/result_rows.hpp"

#include <gtest/gtest.h>

namespace ktx::mcp {
namespace {

TEST(ResultRows, ColumnsSayWhichAreParts) {
  const std::vector<semantic::OutputColumn> columns = {
      {"orders.at", "month"}, {"orders.n", std::nullopt, true}, {"orders.share"}};
  database::Result result;
  result.types = {database::ColumnType::time, database::ColumnType::number, database::ColumnType::number};
  EXPECT_EQ(columns_json(columns, &result), Json::parse(R"([{"name": "orders.at", "type": "time"},
      {"name": "orders.n", "type": "number", "part": true}, {"name": "orders.share", "type": "number"}])"));
  EXPECT_EQ(columns_json(columns, nullptr)[1],
            Json::parse(R"({"name": "orders.n", "type": "unknown", "part": true})"));
}

TEST(ResultRows, OnlyAQuestionHasParts) {
  EXPECT_TRUE(question_columns_schema().at("items").at("properties").contains("part"));
  EXPECT_FALSE(columns_schema().at("items").at("properties").contains("part"));
  EXPECT_EQ(question_columns_schema().at("items").at("required"),
            columns_schema().at("items").at("required"));
}

}  // namespace
}  // namespace ktx::mcp
