#include "table_columns.hpp"

#include <algorithm>
#include <numeric>

#include "ktx/terminal/text_width.hpp"

namespace ktx::cli {
namespace {

// The widths if no column may be wider than `cap`, except for its least width.
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

constexpr std::size_t most_lines = 3;

// The parts of a header that are not broken: "orders.", "order_", "count".
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

// Fills as few lines as possible. A part that is wider than `columns` gets a line of its own.
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

// The line with the mark behind it, in place of the lines that were dropped.
std::string marked_at_end(const std::string& line, std::size_t columns, std::string_view mark) {
  if (display_width(line) < columns) return std::string(line).append(mark);
  // The blank makes the line too long, so that it is cut and gets the mark.
  return cut_to_width(line + ' ', columns, mark);
}

std::string marked_at_start(const std::string& line, std::size_t columns, std::string_view mark) {
  if (display_width(line) < columns) return std::string(mark).append(line);
  return cut_start_to_width(' ' + line, columns, mark);
}

}  // namespace

std::optional<std::vector<std::size_t>> share_width(const std::vector<ColumnDemand>& columns,
                                                    std::size_t available) {
  if (sum(widths_under(columns, 0)) > available) return std::nullopt;
  // Bisection for the largest cap that fits.
  std::size_t fits = 0;
  std::size_t too_wide = available + 1;  // no column can use more than `available`
  while (too_wide - fits > 1) {
    const std::size_t middle = fits + (too_wide - fits) / 2;
    (sum(widths_under(columns, middle)) <= available ? fits : too_wide) = middle;
  }
  std::vector<std::size_t> widths = widths_under(columns, fits);
  // Fewer cells than columns are left: one each for the first columns that can use it.
  std::size_t left = available - sum(widths);
  for (std::size_t i = 0; i < columns.size() && left > 0; ++i) {
    if (widths[i] >= columns[i].natural || widths[i] > fits) continue;
    ++widths[i];
    --left;
  }
  return widths;
}

TableHeader break_header(const std::string& header, std::size_t columns, std::string_view mark) {
  if (display_width(header) <= columns) return {{header}, false};
  std::vector<std::string> lines = filled_lines(parts_of(header), columns);
  if (is_within(lines, columns)) return {std::move(lines), false};
  // A name without a dot is read from its beginning too.
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

std::size_t least_header_width(const std::string& header) {
  const std::vector<std::string> parts = parts_of(header);
  std::size_t columns = 1;
  while (!is_within(filled_lines(parts, columns), columns)) ++columns;
  return columns;
}

}  // namespace ktx::cli
