#include "ktx/output/result_output.hpp"

#include <cmath>

#include "chart.hpp"
#include "ktx/app/cell.hpp"
#include "ktx/output/result_views.hpp"
#include "ktx/semantic/messages.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/json.hpp"
#include "result_columns.hpp"

namespace ktx::cli {
namespace {

// The rows as the operation `result-parquet` takes them, with every cell exact.
Json parquet_request(const ResultRows& rows) {
  Json columns = Json::array();
  for (std::size_t i = 0; i < rows.headers.size(); ++i) {
    const auto& types = rows.result.types;
    const auto type = i < types.size() ? types[i] : database::ColumnType::unknown;
    columns.push_back({{"name", rows.headers[i]}, {"type", database::type_name(type)}});
  }
  Json list = Json::array();
  for (const auto& row : rows.result.rows) {
    Json& cells = list.emplace_back(Json::array());
    for (const database::Value& value : row) cells.push_back(database::tagged_cell(value));
  }
  return {{"columns", std::move(columns)}, {"rows", std::move(list)}};
}

constexpr const char* has_everything = "--format csv or json has everything";

std::string row_count_line(const RowsAnswer& answer, const TableText& table) {
  const std::size_t count = answer.rows.result.rows.size();
  std::string line = std::to_string(count) + (count == 1 ? " row in " : " rows in ") +
                     std::to_string(answer.duration.count()) + " ms";
  if (table.is_cut) line.append("; what ends in … is cut (").append(has_everything).append(")");
  return line;
}

void note_line(const Screen& screen, const std::string& line) {
  screen.note(broken_between_words(line, screen.terminal.err_limit()) + "\n");
}

void write_table(const Screen& screen, const RowsAnswer& answer) {
  const std::optional<std::size_t> columns = screen.terminal.out_limit();
  const TableText table = render_table(answer.rows, screen.terminal.out_style(), columns);
  screen.show(table.text);
  if (table.needed_columns) {
    note_line(screen, "Each row is shown as a record: a table needs " +
                          std::to_string(*table.needed_columns) + " columns, and the terminal has " +
                          std::to_string(*columns) + " (" + has_everything + ")");
  }
  note_line(screen, row_count_line(answer, table));
}

void write_chart(const Screen& screen, ResultChart wanted, const RowsAnswer& answer) {
  const Chart chart = make_chart(answer.rows, answer.dimensions);
  const ChartKind kind = wanted == ResultChart::bars    ? ChartKind::bar
                         : wanted == ResultChart::lines ? ChartKind::line
                                                        : fitting_kind(chart);
  // Away from a terminal too, where it is 80 by 24: a chart needs some width.
  const ChartSize size{screen.terminal.out_columns(), screen.terminal.out_rows()};
  const auto render = kind == ChartKind::bar ? render_bars : render_lines;
  screen.show(render(chart, screen.terminal.out_style(), size));
  note_line(screen, row_count_line(answer, {}));
}

}  // namespace

void write_rows(const Screen& screen, ResultFormat format, ResultChart chart, const RowsAnswer& answer) {
  switch (format) {
    case ResultFormat::table:
      if (chart != ResultChart::none) return write_chart(screen, chart, answer);
      return write_table(screen, answer);
    case ResultFormat::json: screen.show(answer.json()); return;
    case ResultFormat::csv: screen.show_bytes(render_csv(answer.rows)); return;
    case ResultFormat::markdown: screen.show(render_markdown(answer.rows)); return;
    case ResultFormat::parquet:
      // Bytes never go through a pager.
      screen.terminal.out_bytes(semantic::parquet_file(answer.python(), parquet_request(answer.rows)));
      return;
  }
}

}  // namespace ktx::cli
