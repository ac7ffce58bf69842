#include <algorithm>

#include "output/cell.hpp"
#include "output/query_view.hpp"
#include "output/text_width.hpp"

namespace ktx::cli {
namespace {

struct Column {
  std::vector<std::string> cells;  ///< the header first
  std::size_t width = 0;
  bool right = false;
};

std::string table_cell(const database::Value& value) {
  return is_null(value) ? "NULL" : printable(cell_for_reading(value));
}

/// Numbers are aligned to the right; a column that holds any text is not one of numbers.
bool holds_numbers(const std::vector<std::vector<database::Value>>& rows, std::size_t column) {
  bool any = false;
  for (const auto& row : rows) {
    if (is_null(row[column])) continue;
    if (!is_number(row[column])) return false;
    any = true;
  }
  return any;
}

Column make_column(const std::string& header, const database::Result& result, std::size_t index) {
  Column column;
  column.right = holds_numbers(result.rows, index);
  column.cells.push_back(printable(header));
  for (const auto& row : result.rows) column.cells.push_back(table_cell(row[index]));
  for (const std::string& cell : column.cells) column.width = std::max(column.width, display_width(cell));
  return column;
}

std::string padded(const std::string& cell, const Column& column) {
  const std::string padding(column.width - display_width(cell), ' ');
  return column.right ? padding + cell : cell + padding;
}

std::string line_of(const std::vector<Column>& columns, std::size_t row) {
  std::string line;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    line += (i == 0 ? "" : "  ") + padded(columns[i].cells[row], columns[i]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string rule_under(const std::vector<Column>& columns) {
  std::string line;
  for (const Column& column : columns) line += (line.empty() ? "" : "  ") + std::string(column.width, '-');
  return line + "\n";
}

}  // namespace

std::string render_query_table(const std::vector<std::string>& headers, const database::Result& result) {
  std::vector<Column> columns;
  columns.reserve(headers.size());
  for (std::size_t i = 0; i < headers.size(); ++i) columns.push_back(make_column(headers[i], result, i));
  std::string text = line_of(columns, 0) + rule_under(columns);
  for (std::size_t row = 1; row <= result.rows.size(); ++row) text += line_of(columns, row);
  return text;
}

}  // namespace ktx::cli
