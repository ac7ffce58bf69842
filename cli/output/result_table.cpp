#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ktx/output/result_views.hpp"
#include "ktx/terminal/text_width.hpp"
#include "result_columns.hpp"

namespace ktx::cli {
namespace {

/// What a column would like to have and what it cannot do without, in terminal cells.
struct ColumnDemand {
  std::size_t natural = 0;
  std::size_t least = 0;  ///< at most `natural`
};

/// Every column at most as wide as `cap`, as far as it can do with that.
std::vector<std::size_t> widths_under(const std::vector<ColumnDemand>& columns, std::size_t cap) {
  std::vector<std::size_t> widths;
  widths.reserve(columns.size());
  for (const ColumnDemand& column : columns) {
    widths.push_back(std::max(column.least, std::min(column.natural, cap)));
  }
  return widths;
}

std::size_t sum(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0});
}

// The widths of columns that share `available` cells: each gets what it would like where that fits, else the
// widest are made equal and as wide as fits. Nothing when not even the least widths fit.
std::optional<std::vector<std::size_t>> share_width(const std::vector<ColumnDemand>& columns,
                                                    std::size_t available) {
  if (sum(widths_under(columns, 0)) > available) return std::nullopt;
  std::size_t fits = 0;
  std::size_t too_wide = available + 1;  // no column can use more than `available`
  while (too_wide - fits > 1) {
    const std::size_t middle = fits + (too_wide - fits) / 2;
    (sum(widths_under(columns, middle)) <= available ? fits : too_wide) = middle;
  }
  std::vector<std::size_t> widths = widths_under(columns, fits);
  // Fewer cells than columns are left over: one each for the first that can use it.
  std::size_t left = available - sum(widths);
  for (std::size_t i = 0; i < columns.size() && left > 0; ++i) {
    if (widths[i] >= columns[i].natural || widths[i] > fits) continue;
    ++widths[i];
    --left;
  }
  return widths;
}

/// The name of a column, above it.
struct TableHeader {
  std::vector<std::string> lines;  ///< 1 to 3, none wider than the column
  bool is_cut = false;             ///< a part of the name is not there
};

constexpr std::size_t most_lines = 3;

/// The parts that stay whole: "orders.", "order_", "count".
std::vector<std::string> parts_of(const std::string& header) {
  std::vector<std::string> parts(1);
  for (const char c : header) {
    parts.back() += c;
    if (c == '.' || c == '_' || c == ' ') parts.emplace_back();
  }
  if (parts.back().empty() && parts.size() > 1) parts.pop_back();
  return parts;
}

std::string without_blanks(const std::string& line) {
  const std::size_t end = line.find_last_not_of(' ');
  return end == std::string::npos ? std::string() : line.substr(0, end + 1);
}

/// As few lines as the parts take; a part that is wider than `columns` has a line of its own.
std::vector<std::string> filled_lines(const std::vector<std::string>& parts, std::size_t columns) {
  std::vector<std::string> lines(1);
  for (const std::string& part : parts) {
    if (!lines.back().empty() && display_width(without_blanks(lines.back() + part)) > columns) {
      lines.emplace_back();
    }
    lines.back() += part;
  }
  for (std::string& line : lines) line = without_blanks(line);
  return lines;
}

bool is_within(const std::vector<std::string>& lines, std::size_t columns) {
  return lines.size() <= most_lines &&
         std::ranges::all_of(lines, [&](const auto& line) { return display_width(line) <= columns; });
}

/// The line with the mark behind it, for what is not there any more.
std::string marked_at_end(const std::string& line, std::size_t columns, std::string_view mark) {
  if (display_width(line) < columns) return std::string(line).append(mark);
  return cut_to_width(line + ' ', columns, mark);
}

std::string marked_at_start(const std::string& line, std::size_t columns, std::string_view mark) {
  if (display_width(line) < columns) return std::string(mark).append(line);
  return cut_start_to_width(' ' + line, columns, mark);
}

// The header in lines of at most `columns` cells, broken behind a point, a `_` or a space. What is still too
// long is cut, with the mark in its place: of `source.column` the end says more than the begin, of words
// the begin.
TableHeader break_header(const std::string& header, std::size_t columns, std::string_view mark) {
  if (display_width(header) <= columns) return {{header}, false};
  std::vector<std::string> lines = filled_lines(parts_of(header), columns);
  if (is_within(lines, columns)) return {std::move(lines), false};
  const bool is_words = header.find(' ') != std::string::npos || header.find('.') == std::string::npos;
  const bool has_more = lines.size() > most_lines;
  const auto rest = static_cast<std::ptrdiff_t>(has_more ? lines.size() - most_lines : 0);
  if (is_words) {
    lines.erase(lines.end() - rest, lines.end());
    if (has_more) lines.back() = marked_at_end(lines.back(), columns, mark);
  } else {
    lines.erase(lines.begin(), lines.begin() + rest);
    if (has_more) lines.front() = marked_at_start(lines.front(), columns, mark);
  }
  for (std::string& line : lines) line = cut_to_width(line, columns, mark);
  return {std::move(lines), true};
}

// The least width that a header needs so that nothing of it is cut, in terminal cells.
std::size_t least_header_width(const std::string& header) {
  const std::vector<std::string> parts = parts_of(header);
  std::size_t columns = 1;
  while (!is_within(filled_lines(parts, columns), columns)) ++columns;
  return columns;
}

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

  std::vector<std::string> header_lines(const std::string& text, std::size_t width) {
    TableHeader header = break_header(text, width, mark());
    drawn.is_cut = drawn.is_cut || header.is_cut;
    return std::move(header.lines);
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

/// The names, the last line of each right above the rule.
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

/// The same columns, whose least is now what they need for their cells and for a header in several lines.
std::vector<ColumnDemand> with_broken_headers(const std::vector<ResultColumn>& columns,
                                              std::vector<ColumnDemand> demands) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::size_t enough = std::max(columns[i].width, least_header_width(columns[i].header));
    demands[i].least = std::clamp(enough, demands[i].least, demands[i].natural);
  }
  return demands;
}

/// The natural widths without a bound, else what fits into it: headers are broken before cells are cut.
/// Nothing when no table fits.
std::optional<Widths> widths_of(const std::vector<ResultColumn>& columns,
                                const std::vector<ColumnDemand>& demands,
                                std::optional<std::size_t> available) {
  Widths widths;
  for (const ColumnDemand& demand : demands) widths.push_back(demand.natural);
  const std::size_t wanted = std::accumulate(widths.begin(), widths.end(), std::size_t{0});
  if (!available || wanted <= *available) return widths;
  std::vector<ColumnDemand> broken = with_broken_headers(columns, demands);
  if (auto whole = share_width(broken, *available)) return whole;
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
