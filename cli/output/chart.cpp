#include "chart.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "ktx/app/cell.hpp"
#include "ktx/terminal/shown_text.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/error.hpp"
#include "result_columns.hpp"

namespace ktx::cli {
namespace {

constexpr std::size_t most_bars = 50;

struct ChartColumns {
  std::vector<std::size_t> labels;
  std::vector<std::size_t> series;
};

ChartColumns choose_columns(const ResultRows& rows, std::optional<std::size_t> dimensions) {
  ChartColumns chosen;
  for (std::size_t i = 0; i < rows.headers.size(); ++i) {
    const bool number = is_number_column(rows.result, i);
    if (dimensions ? i < *dimensions : !number) chosen.labels.push_back(i);
    if (number && (!dimensions || i >= *dimensions)) chosen.series.push_back(i);
  }
  // All columns are numbers: the first may be a year, and the others its values.
  if (chosen.labels.empty() && !dimensions && chosen.series.size() > 1) {
    chosen.labels.push_back(chosen.series.front());
    chosen.series.erase(chosen.series.begin());
  }
  return chosen;
}

std::optional<double> finite_number(const database::Value& value) {
  std::optional<double> number;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) number = static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) number = *real;
  if (const auto* exact = std::get_if<database::Decimal>(&value)) {
    double read = 0;
    const char* const end = exact->digits.data() + exact->digits.size();
    if (std::from_chars(exact->digits.data(), end, read).ptr == end) number = read;
  }
  return number && std::isfinite(*number) ? number : std::nullopt;
}

ChartSeries make_series(const ResultRows& rows, std::size_t column) {
  ChartSeries series;
  series.name = printable(rows.headers[column]);
  for (const auto& row : rows.result.rows) {
    series.values.push_back(finite_number(row[column]));
    series.shown.push_back(shown_cell(row[column]));
  }
  return series;
}

// Takes a number of exactly `digits` digits off the front of the text.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  int number = 0;
  if (text.size() < digits) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + digits, number);
  if (read.ec != std::errc() || read.ptr != text.data() + digits || number < 0) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

// Takes `mark` and two digits off the front of the text. Returns 0, and leaves the text, if it goes on
// otherwise.
int take_part(std::string_view& text, char mark) {
  if (!text.starts_with(mark)) return 0;
  std::string_view rest = text.substr(1);
  const auto part = take_digits(rest, 2);
  if (part) text = rest;
  return part.value_or(0);
}

// Reads "2026-05", "2026-05-01" or "2026-05-01 10:00:00", also with a T. What follows the seconds is ignored:
// no chart is that fine.
std::optional<double> time_of(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  const auto month = take_digits(text, 2);
  if (!month) return std::nullopt;
  const int day = text.starts_with('-') ? take_part(text, '-') : 1;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const int hours = text.starts_with('T') ? take_part(text, 'T') : take_part(text, ' ');
  const int minutes = take_part(text, ':');
  const int seconds = take_part(text, ':');
  const std::chrono::sys_days days = date;
  return static_cast<double>(std::chrono::seconds(days.time_since_epoch()).count()) + hours * 3600.0 +
         minutes * 60.0 + seconds;
}

// The time of each row. Empty if a label is not a time, or if there are no labels but NULL.
std::vector<std::optional<double>> read_times(const ResultRows& rows, std::size_t column) {
  std::vector<std::optional<double>> times;
  bool any = false;
  for (const auto& row : rows.result.rows) {
    const auto* text = std::get_if<std::string>(&row[column]);
    times.push_back(text == nullptr ? std::nullopt : time_of(*text));
    if (!times.back() && !app::is_null(row[column])) return {};
    any = any || times.back();
  }
  return any ? times : std::vector<std::optional<double>>{};
}

std::string label_of(const ResultRows& rows, const ChartColumns& columns, std::size_t row) {
  if (columns.labels.empty()) {
    // Without labels rows are numbered; a single one needs no number.
    return rows.result.rows.size() == 1 ? "" : std::to_string(row + 1);
  }
  std::string label;
  for (const std::size_t column : columns.labels) {
    if (!label.empty()) label += ", ";
    label += shown_cell(rows.result.rows[row][column]);
  }
  return label;
}

// How the bars of one series share their cells between both sides of zero.
struct BarScale {
  double least = 0;     ///< not above 0
  double greatest = 0;  ///< not below 0
  std::size_t left = 0;
  std::size_t right = 0;
};

BarScale bar_scale(const ChartSeries& series, std::size_t count, std::size_t room) {
  BarScale scale;
  for (std::size_t i = 0; i < count; ++i) {
    scale.least = std::min(scale.least, series.values[i].value_or(0));
    scale.greatest = std::max(scale.greatest, series.values[i].value_or(0));
  }
  if (scale.least == 0) {
    scale.right = room;
    return scale;
  }
  // By halves: the difference of two large numbers may overflow to infinity.
  const double share = (-scale.least / 2) / (scale.greatest / 2 - scale.least / 2);
  scale.left = static_cast<std::size_t>(std::lround(share * static_cast<double>(room - 1)));
  // A small negative value must be visible beside a large positive one.
  scale.left = std::max<std::size_t>(scale.left, 1);
  scale.right = room - 1 - std::min(scale.left, room - 1);
  return scale;
}

// The length of a bar in eighths of a cell; at least one, because the value is not zero.
std::size_t eighths_of(double value, double whole, std::size_t cells) {
  if (value == 0 || whole == 0) return 0;
  const auto eighths = std::lround(value / whole * static_cast<double>(cells) * 8);
  return static_cast<std::size_t>(std::clamp<long>(eighths, 1, static_cast<long>(cells) * 8));
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

std::string bar_to_the_right(double value, const BarScale& scale, bool unicode) {
  const std::size_t eighths = eighths_of(value, scale.greatest, scale.right);
  if (!unicode) return repeated("#", (eighths + 7) / 8);
  constexpr std::array<const char*, 8> parts = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  return repeated("█", eighths / 8) + parts[eighths % 8];
}

// Unicode has no blocks that grow to the left, except for the half one.
std::string bar_to_the_left(double value, const BarScale& scale, bool unicode) {
  const std::size_t eighths = eighths_of(-value, -scale.least, scale.left);
  const bool half = unicode && eighths % 8 != 0 && eighths % 8 <= 4;
  const std::size_t full = half ? eighths / 8 : (eighths + 7) / 8;
  const std::string bar = (half ? "▐" : "") + repeated(unicode ? "█" : "#", full);
  return std::string(scale.left - full - (half ? 1 : 0), ' ') + bar;
}

std::string bar_of(std::optional<double> value, const BarScale& scale, bool unicode) {
  if (scale.left == 0) return value ? bar_to_the_right(*value, scale, unicode) : "";
  const std::string axis = unicode ? "│" : "|";
  const std::string left =
      value && *value < 0 ? bar_to_the_left(*value, scale, unicode) : std::string(scale.left, ' ');
  return left + axis + (value && *value > 0 ? bar_to_the_right(*value, scale, unicode) : "");
}

std::size_t widest(const std::vector<std::string>& texts, std::size_t count) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < count; ++i) width = std::max(width, display_width(texts[i]));
  return width;
}

std::string bars_of(const Chart& chart, const ChartSeries& series, std::size_t count, const Style& style,
                    const ChartSize& size) {
  const std::string mark = style.unicode() ? "…" : "~";
  const std::size_t value_width = std::min(widest(series.shown, count), size.columns / 2);
  const std::size_t label_width = std::min(widest(chart.labels, count), size.columns / 3);
  const std::size_t taken = label_width + value_width + (label_width == 0 ? 1 : 3);
  const std::size_t room = size.columns > taken + 3 ? size.columns - taken : 3;
  const BarScale scale = bar_scale(series, count, room);
  std::string text = style.bold(cut_to_width(series.name, size.columns, mark)) + "\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string label = cut_to_width(chart.labels[i], label_width, mark);
    const std::string value = cut_to_width(series.shown[i], value_width, mark);
    std::string line =
        label + std::string(label_width - display_width(label) + (label_width == 0 ? 0 : 2), ' ');
    line += std::string(value_width - display_width(value), ' ');
    line += series.values[i] ? value : style.dim(value);
    line += " " + bar_of(series.values[i], scale, style.unicode());
    // Copied text should have no blanks at the ends of its lines.
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace

Chart make_chart(const ResultRows& rows, std::optional<std::size_t> dimensions) {
  if (rows.result.rows.empty()) {
    throw Error(ErrorKind::query, "There is nothing to draw: the result has no rows",
                "Look at the filters, or ask without --chart");
  }
  const ChartColumns columns = choose_columns(rows, dimensions);
  if (columns.series.empty()) {
    throw Error(ErrorKind::query, "There is nothing to draw: no column of the result holds numbers",
                "Ask for a measure that is a number, or ask without --chart");
  }
  Chart chart;
  chart.label_columns = columns.labels.size();
  for (const std::size_t column : columns.labels) {
    chart.dimension += (chart.dimension.empty() ? "" : ", ") + printable(rows.headers[column]);
  }
  if (columns.labels.size() == 1) chart.times = read_times(rows, columns.labels.front());
  for (std::size_t row = 0; row < rows.result.rows.size(); ++row) {
    chart.labels.push_back(label_of(rows, columns, row));
  }
  for (const std::size_t column : columns.series) chart.series.push_back(make_series(rows, column));
  return chart;
}

ChartKind fitting_kind(const Chart& chart) { return chart.times.empty() ? ChartKind::bar : ChartKind::line; }

std::string render_bars(const Chart& chart, const Style& style, const ChartSize& size) {
  const std::size_t count = std::min(chart.labels.size(), most_bars);
  std::string text;
  for (const ChartSeries& series : chart.series) {
    if (!text.empty()) text += "\n";
    text += bars_of(chart, series, count, style, size);
  }
  const std::size_t left_out = chart.labels.size() - count;
  if (left_out > 0) {
    const std::string note = std::to_string(left_out) + " more rows not drawn (--limit, --format csv)";
    text += style.dim(cut_to_width(note, size.columns, "~")) + "\n";
  }
  return text;
}

}  // namespace ktx::cli
