#include <algorithm>
#include <numeric>

#include "ktx/output/result_views.hpp"
#include "ktx/terminal/text_width.hpp"
#include "result_columns.hpp"
#include "table_columns.hpp"

namespace ktx::cli {
namespace {

constexpr std::size_t gap = 2;  // cells between two columns
// The widths that a header and a column of texts are not cut below.
constexpr std::size_t least_header = 6;
constexpr std::size_t least_texts = 8;

ColumnDemand demand_of(const ResultColumn& column) {
  const std::size_t header = display_width(column.header);
  const std::size_t natural = std::max(header, column.width);
  // A cut number would be another number.
  const std::size_t least =
      column.is_number ? std::max(column.width, std::min(header, least_header)) : least_texts;
  return {natural, std::min(natural, least)};
}

// Draws a table and notes whether anything was cut.
struct TablePen {
  const Style& style;
  TableText drawn;

  std::string mark() const { return style.unicode() ? "…" : "~"; }

  std::string cut(const std::string& text, std::size_t width) {
    if (display_width(text) > width) drawn.is_cut = true;
    return cut_to_width(text, width, mark());
  }

  std::vector<std::string> header_lines(const std::string& text, std::size_t width) {
    TableHeader header = break_header(text, width, mark());
    drawn.is_cut = drawn.is_cut || header.is_cut;
    return std::move(header.lines);
  }
};

// `plain` is `shown` without escape sequences, which take no cells.
std::string aligned(const std::string& shown, const std::string& plain, std::size_t width, bool right) {
  const std::string padding(width - display_width(plain), ' ');
  return right ? padding + shown : shown + padding;
}

void end_line(std::string& line) {
  line.erase(line.find_last_not_of(' ') + 1);
  line += '\n';
}

using Widths = std::vector<std::size_t>;

// Appends the headers. Shorter ones are at the bottom, next to the rule.
void append_headers(TablePen& pen, const std::vector<ResultColumn>& columns, const Widths& widths) {
  std::vector<std::vector<std::string>> headers;
  std::size_t height = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    headers.push_back(pen.header_lines(columns[i].header, widths[i]));
    height = std::max(height, headers.back().size());
  }
  for (std::size_t line = 0; line < height; ++line) {
    std::string text;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::size_t above = height - headers[i].size();
      const std::string part = line < above ? std::string() : headers[i][line - above];
      text.append(i == 0 ? 0 : gap, ' ');
      text += aligned(pen.style.bold(part), part, widths[i], columns[i].is_number);
    }
    end_line(text);
    pen.drawn.text += text;
  }
  std::string rule;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    rule.append(i == 0 ? 0 : gap, ' ').append(widths[i], '-');
  }
  end_line(rule);
  pen.drawn.text += rule;
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

// The demands with a least width at which cells are not cut and headers are broken into lines.
std::vector<ColumnDemand> with_broken_headers(const std::vector<ResultColumn>& columns,
                                              std::vector<ColumnDemand> demands) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t enough = std::max(columns[i].width, least_header_width(columns[i].header));
    demands[i].least = std::clamp(enough, demands[i].least, demands[i].natural);
  }
  return demands;
}

// The natural widths if they fit, or if there is no bound; else narrower ones, with headers broken before
// cells are cut. std::nullopt if no table fits.
std::optional<Widths> widths_of(const std::vector<ResultColumn>& columns,
                                const std::vector<ColumnDemand>& demands,
                                std::optional<std::size_t> available) {
  Widths widths;
  for (const ColumnDemand& demand : demands) widths.push_back(demand.natural);
  const std::size_t wanted = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  if (!available || wanted <= *available) return widths;
  std::vector<ColumnDemand> broken = with_broken_headers(columns, demands);
  if (auto whole = share_width(broken, *available)) return whole;
  // Not even that fits: now cells are cut, from their full width down.
  for (std::size_t i = 0; i < demands.size(); ++i) broken[i] = {broken[i].least, demands[i].least};
  return share_width(broken, *available);
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
    widths = widths_of(cells, demands, columns ? std::optional(*columns - gaps) : std::nullopt);
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
