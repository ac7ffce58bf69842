#include "result_parquet.hpp"

#include <cmath>

#include "ktx/app/cell.hpp"

namespace ktx::cli {
namespace {

const char* parquet_type(database::ColumnType type) {
  switch (type) {
    case database::ColumnType::number: return "number";
    case database::ColumnType::text: return "text";
    case database::ColumnType::time: return "time";
    case database::ColumnType::boolean: return "boolean";
    case database::ColumnType::binary: return "binary";
    case database::ColumnType::unknown: break;
  }
  return "unknown";
}

/// As the seam has cells: what JSON has no value for is an object of one member.
Json seam_cell(const database::Value& value) {
  if (const auto* number = std::get_if<database::Decimal>(&value)) return {{"decimal", number->digits}};
  if (const auto* bytes = std::get_if<database::Blob>(&value)) return {{"hex", database::to_hex(*bytes)}};
  if (const auto* real = std::get_if<double>(&value); real != nullptr && !std::isfinite(*real)) {
    return {{"float", std::isnan(*real) ? "NaN" : app::cell_text(value)}};
  }
  return app::cell_json(value);
}

}  // namespace

Json parquet_request(const ResultRows& rows) {
  Json columns = Json::array();
  for (std::size_t i = 0; i < rows.headers.size(); ++i) {
    const auto& types = rows.result.types;
    const auto type = i < types.size() ? types[i] : database::ColumnType::unknown;
    columns.push_back({{"name", rows.headers[i]}, {"type", parquet_type(type)}});
  }
  Json list = Json::array();
  for (const auto& row : rows.result.rows) {
    Json& cells = list.emplace_back(Json::array());
    for (const database::Value& value : row) cells.push_back(seam_cell(value));
  }
  return {{"columns", std::move(columns)}, {"rows", std::move(list)}};
}

}  // namespace ktx::cli
