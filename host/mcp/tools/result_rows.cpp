#include "result_rows.hpp"

#include <variant>

#include "ktx/app/cell.hpp"
#include "tool_table.hpp"

namespace ktx::mcp {
namespace {

using database::ColumnType;

ColumnType type_of(const database::Value& value) {
  if (app::is_number(value)) return ColumnType::number;
  if (std::holds_alternative<bool>(value)) return ColumnType::boolean;
  if (std::holds_alternative<std::string>(value)) return ColumnType::text;
  return std::holds_alternative<database::Blob>(value) ? ColumnType::binary : ColumnType::unknown;
}

// What the database says, else what all values have in common.
ColumnType column_type(const database::Result& result, std::size_t column) {
  if (column < result.types.size() && result.types[column] != ColumnType::unknown)
    return result.types[column];
  ColumnType type = ColumnType::unknown;
  for (const auto& row : result.rows) {
    if (app::is_null(row[column])) continue;
    const ColumnType own = type_of(row[column]);
    if (type != ColumnType::unknown && own != type) return ColumnType::unknown;
    type = own;
  }
  return type;
}

Json column_properties() {
  return {{"name", text_schema("")},
          {"type", choice_schema({"unknown", "number", "text", "time", "boolean", "binary"}, "")}};
}

}  // namespace

Json columns_json(const std::vector<std::string>& names, const database::Result* result) {
  Json columns = Json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ColumnType type = result == nullptr ? ColumnType::unknown : column_type(*result, i);
    columns.push_back({{"name", names[i]}, {"type", database::type_name(type)}});
  }
  return columns;
}

Json columns_json(const std::vector<semantic::OutputColumn>& columns, const database::Result* result) {
  Json list = columns_json(semantic::names_of(columns), result);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].is_part) list[i]["part"] = true;
  }
  return list;
}

Json columns_schema() { return list_schema(object_schema(column_properties(), {"name", "type"}), ""); }

Json question_columns_schema() {
  Json properties = column_properties();
  properties["part"] = flag_schema("only there because a derived measure is made of it");
  return list_schema(object_schema(std::move(properties), {"name", "type"}), "");
}

Json rows_schema() {
  return list_schema({{"type", "array"}},
                     "cells in the order of `columns`; a number that JSON cannot hold exactly is a text");
}

}  // namespace ktx::mcp
