#include <algorithm>

#include "output/column_widths.hpp"
#include "output/result_columns.hpp"
#include "output/result_view.hpp"
#include "output/text_width.hpp"

namespace ktx::cli {
namespace {

constexpr std::size_t gap = 2;  // cells between two columns
/// What a header, and a column of texts, is not cut below.
constexpr std::size_t least_header = 6;
constexpr std::size_t least_texts = 8;

ColumnDemand demand_of(const ResultColumn& column) {
  const std::size_t header = display_width(column.header);
  const std::size_t natural = std::max(header, column.width);
  // A number that is cut would be another number.
  const std::size_t least =
      column.is_number ? std::max(column.width, std::min(header, least_header)) : least_texts;
  return {natural, std::min(natural, least)};
}

struct TablePen {
  const Style& style;
  TableText drawn;

  std::string mark() const { return style.unicode() ? "…" : "~"; }

  std::string cut(const std::string& text, std::size_t width) {
    if (display_width(text) > width) drawn.is_cut = true;
    return cut_to_width(text, width, mark());
  }

  /// Of `source.column` the end says more than the begin.
  std::string cut_header(const std::string& text, std::size_t width) {
    if (text.find('.') == std::string::npos || text.find(' ') != std::string::npos) return cut(text, width);
    if (display_width(text) > width) drawn.is_cut = true;
    return cut_start_to_width(text, width, mark());
  }
};

std::string aligned(const std::string& shown, const std::string& plain, std::size_t width, bool right) {
  const std::string padding(width - display_width(plain), ' ');
  return right ? padding + shown : shown + padding;
}

void end_line(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
  line += '\n';
}

using Widths = std::vector<std::size_t>;

void append_headers(TablePen& pen, const std::vector<ResultColumn>& columns, const Widths& widths) {
  std::string line;
  std::string rule;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string header = pen.cut_header(columns[i].header, widths[i]);
    line.append(i == 0 ? 0 : gap, ' ');
    line += aligned(pen.style.bold(header), header, widths[i], columns[i].is_number);
    rule.append(i == 0 ? 0 : gap, ' ').append(widths[i], '-');
  }
  end_line(line);
  end_line(rule);
  pen.drawn.text += line + rule;
}

void append_row(TablePen& pen, const std::vector<ResultColumn>& columns, const Widths& widths,
                std::size_t row) {
  std::string line;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string cell = pen.cut(columns[i].cells[row], widths[i]);
    line.append(i == 0 ? 0 : gap, ' ');
    line +=
        aligned(columns[i].nulls[row] ? pen.style.dim(cell) : cell, cell, widths[i], columns[i].is_number);
  }
  end_line(line);
  pen.drawn.text += line;
}

/// The natural widths without a bound, else what fits into it; nothing when no table does.
std::optional<Widths> widths_of(const std::vector<ColumnDemand>& demands,
                                std::optional<std::size_t> available) {
  if (available) return share_width(demands, *available);
  Widths widths;
  for (const ColumnDemand& demand : demands) widths.push_back(demand.natural);
  return widths;
}

std::size_t least_width(const std::vector<ColumnDemand>& demands, std::size_t gaps) {
  std::size_t width = gaps;
  for (const ColumnDemand& demand : demands) width += demand.least;
  return width;
}

}  // namespace

TableText render_table(const ResultRows& rows, const Style& style, std::optional<std::size_t> columns) {
  const std::vector<ResultColumn> cells = make_columns(rows.headers, rows.result);
  std::vector<ColumnDemand> demands;
  demands.reserve(cells.size());
  for (const ResultColumn& column : cells) demands.push_back(demand_of(column));
  const std::size_t gaps = cells.empty() ? 0 : (cells.size() - 1) * gap;
  std::optional<Widths> widths;
  if (!columns || *columns > gaps) {
    widths = widths_of(demands, columns ? std::optional(*columns - gaps) : std::nullopt);
  }
  if (!widths) {
    TableText records = render_records(rows, style, *columns);
    records.needed_columns = least_width(demands, gaps);
    return records;
  }
  TablePen pen{style, {}};
  append_headers(pen, cells, *widths);
  for (std::size_t row = 0; row < rows.result.rows.size(); ++row) append_row(pen, cells, *widths, row);
  return std::move(pen.drawn);
}

}  // namespace ktx::cli
