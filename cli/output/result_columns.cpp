#include "result_columns.hpp"

#include <algorithm>
#include <array>

#include "ktx/app/cell.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

// How many spaces a column may be wider than its widest number so that decimal points line up.
constexpr std::size_t most_spaces_for_points = 6;

bool has_exponent(const std::string& number) { return number.find('e') != std::string::npos; }

// The length of a number from its decimal point on; 0 for whole numbers and for words ("Infinity").
std::size_t fraction_size(const std::string& number) {
  const std::size_t point = number.find('.');
  return point == std::string::npos ? 0 : number.size() - point;
}

// Pads numbers behind the decimal point, so that the points line up when cells are aligned to the right.
void align_points(ResultColumn& column) {
  std::size_t whole = 0;
  std::size_t fraction = 0;
  for (std::size_t i = 0; i < column.cells.size(); ++i) {
    if (column.nulls[i]) continue;
    // The point of 1.5e+20 says nothing about its size.
    if (has_exponent(column.cells[i])) return;
    const std::size_t size = fraction_size(column.cells[i]);
    fraction = std::max(fraction, size);
    whole = std::max(whole, column.cells[i].size() - size);
  }
  // One long fraction would push all whole numbers far to the left.
  if (fraction == 0 || whole + fraction > column.width + most_spaces_for_points) return;
  for (std::size_t i = 0; i < column.cells.size(); ++i) {
    if (!column.nulls[i]) column.cells[i].append(fraction - fraction_size(column.cells[i]), ' ');
  }
  column.width = std::max(column.width, whole + fraction);
}

ResultColumn make_column(const std::string& header, const database::Result& result, std::size_t index) {
  ResultColumn column;
  column.header = printable(header);
  column.is_number = is_number_column(result, index);
  for (const auto& row : result.rows) {
    column.cells.push_back(shown_cell(row[index]));
    column.nulls.push_back(app::is_null(row[index]));
    column.width = std::max(column.width, display_width(column.cells.back()));
  }
  if (column.is_number) align_points(column);
  return column;
}

}  // namespace

std::string shown_cell(const database::Value& value) {
  if (app::is_null(value)) return "NULL";
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && *text == "NULL") return "\"NULL\"";
  return printable(app::cell_for_reading(value));
}

bool is_number_column(const database::Result& result, std::size_t column) {
  if (column < result.types.size() && result.types[column] != database::ColumnType::unknown) {
    return result.types[column] == database::ColumnType::number;
  }
  bool any = false;
  for (const auto& row : result.rows) {
    if (app::is_null(row[column])) continue;
    if (!app::is_number(row[column])) return false;
    any = true;
  }
  return any;
}

std::vector<ResultColumn> make_columns(const std::vector<std::string>& headers,
                                       const database::Result& result) {
  std::vector<ResultColumn> columns;
  columns.reserve(headers.size());
  for (std::size_t i = 0; i < headers.size(); ++i) columns.push_back(make_column(headers[i], result, i));
  return columns;
}

}  // namespace ktx::cli
