#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "chart.hpp"
#include "ktx/terminal/text_width.hpp"
#include "ktx/util/error.hpp"

namespace ktx::cli {
namespace {

// A canvas of dots, shown as Braille (2 by 4 dots a cell) or as stars (one a cell).
class DotCanvas {
 public:
  DotCanvas(std::size_t columns, std::size_t rows, bool braille)
      : braille_(braille), columns_(columns), cells_(columns * rows, 0) {
    width_ = static_cast<long>(columns) * (braille ? 2 : 1);
    height_ = static_cast<long>(rows) * (braille ? 4 : 1);
  }

  long width() const { return width_; }    ///< in dots
  long height() const { return height_; }  ///< in dots

  void dot(long x, long y) {
    const long wide = braille_ ? 2 : 1;
    const long high = braille_ ? 4 : 1;
    // The bits of U+2800: dots 1 to 3 and 4 to 6 go down the two columns; 7 and 8, added later, are the
    // lowest row.
    constexpr std::array<std::array<unsigned char, 2>, 4> bits = {
        {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};
    const auto cell = static_cast<std::size_t>(y / high) * columns_ + static_cast<std::size_t>(x / wide);
    cells_[cell] |= bits[static_cast<std::size_t>(y % high)][static_cast<std::size_t>(x % wide)];
  }

  // Draws a straight line, with both of its ends.
  void line(long x0, long y0, long x1, long y1) {
    const long steps = std::max({std::labs(x1 - x0), std::labs(y1 - y0), 1L});
    for (long i = 0; i <= steps; ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(steps);
      dot(x0 + std::lround(share * static_cast<double>(x1 - x0)),
          y0 + std::lround(share * static_cast<double>(y1 - y0)));
    }
  }

  // One row of cells, without the spaces at its end.
  std::string row(std::size_t number) const {
    std::string text;
    std::string blanks;
    for (std::size_t i = 0; i < columns_; ++i) {
      const unsigned char cell = cells_[number * columns_ + i];
      if (cell == 0) {
        blanks += ' ';
        continue;
      }
      text += blanks + glyph(cell);
      blanks.clear();
    }
    return text;
  }

 private:
  // U+2800 and the cell's dots, in UTF-8.
  std::string glyph(unsigned char cell) const {
    if (!braille_) return "*";
    return {'\xE2', static_cast<char>(0xA0 + (cell >> 6U)), static_cast<char>(0x80 + (cell & 0x3FU))};
  }

  bool braille_;
  std::size_t columns_;
  long width_ = 0;
  long height_ = 0;
  std::vector<unsigned char> cells_;
};

struct ChartPoint {
  double at = 0;
  std::size_t row = 0;
};

// The rows with a place on the axis, from left to right. Rows without a time have none.
std::vector<ChartPoint> points_of(const Chart& chart) {
  std::vector<ChartPoint> points;
  for (std::size_t row = 0; row < chart.labels.size(); ++row) {
    if (chart.times.empty()) {
      points.push_back({static_cast<double>(row), row});
    } else if (chart.times[row]) {
      points.push_back({*chart.times[row], row});
    }
  }
  std::ranges::stable_sort(points, {}, &ChartPoint::at);
  return points;
}

// The place of `value` between two others, in dots; the middle if they are equal.
long dot_of(double value, double least, double greatest, long dots) {
  if (least == greatest) return (dots - 1) / 2;
  // By halves: the difference of two large numbers may overflow to infinity.
  const double share = (value / 2 - least / 2) / (greatest / 2 - least / 2);
  return std::clamp(std::lround(share * static_cast<double>(dots - 1)), 0L, dots - 1);
}

// The rows with the least and the greatest value of a series; the same row if there is only one.
struct Extremes {
  std::size_t least = 0;
  std::size_t greatest = 0;
};

std::optional<Extremes> extremes_of(const ChartSeries& series, const std::vector<ChartPoint>& points) {
  std::optional<Extremes> found;
  for (const ChartPoint& point : points) {
    const auto& value = series.values[point.row];
    if (!value) continue;
    if (!found) found = Extremes{point.row, point.row};
    if (*value < *series.values[found->least]) found->least = point.row;
    if (*value > *series.values[found->greatest]) found->greatest = point.row;
  }
  return found;
}

// Draws a curve. NULL leaves a gap, and a value between two gaps is a single dot.
void draw_curve(DotCanvas& canvas, const ChartSeries& series, const std::vector<ChartPoint>& points,
                const Extremes& extremes) {
  const double least = *series.values[extremes.least];
  const double greatest = *series.values[extremes.greatest];
  std::optional<std::pair<long, long>> before;
  for (const ChartPoint& point : points) {
    const auto& value = series.values[point.row];
    if (!value) {
      before.reset();
      continue;
    }
    const long x = dot_of(point.at, points.front().at, points.back().at, canvas.width());
    // Rows of the canvas count downwards.
    const long y = canvas.height() - 1 - dot_of(*value, least, greatest, canvas.height());
    canvas.line(before ? before->first : x, before ? before->second : y, x, y);
    before = {x, y};
  }
}

std::string right_aligned(const std::string& text, std::size_t width) {
  const std::size_t own = display_width(text);
  return std::string(own < width ? width - own : 0, ' ') + text;
}

// "    2026-01-01        2026-12-01", below the first and the last cell of the curve.
std::string axis_labels(const Chart& chart, const std::vector<ChartPoint>& points, std::size_t margin,
                        std::size_t width, const std::string& mark) {
  const std::size_t most = width > 2 ? (width - 2) / 2 : 1;
  const std::string first = cut_to_width(chart.labels[points.front().row], most, mark);
  std::string line = std::string(margin, ' ') + first;
  if (points.size() > 1) {
    const std::string last = cut_to_width(chart.labels[points.back().row], most, mark);
    line += right_aligned(last, width - display_width(first));
  }
  return line + "\n";
}

std::string curve_of(const Chart& chart, const ChartSeries& series, const std::vector<ChartPoint>& points,
                     const Style& style, const ChartSize& size) {
  const bool unicode = style.unicode();
  const std::string mark = unicode ? "…" : "~";
  const std::string heading = style.bold(cut_to_width(series.name, size.columns, mark)) + "\n";
  const auto extremes = extremes_of(series, points);
  if (!extremes) return heading + style.dim("NULL in every row") + "\n";
  const std::string greatest = cut_to_width(series.shown[extremes->greatest], size.columns / 2, mark);
  const std::string least = cut_to_width(series.shown[extremes->least], size.columns / 2, mark);
  const std::size_t margin = std::max(display_width(greatest), display_width(least));
  const std::size_t width = size.columns > margin + 5 ? size.columns - margin - 2 : 3;
  DotCanvas canvas(width, size.rows, unicode);
  draw_curve(canvas, series, points, *extremes);
  std::string text = heading;
  for (std::size_t row = 0; row < size.rows; ++row) {
    const std::string label = row == 0 ? greatest : row + 1 == size.rows ? least : "";
    text += right_aligned(label, margin) + (unicode ? " │" : " |") + canvas.row(row) + "\n";
  }
  text += std::string(margin + 1, ' ') + (unicode ? "└" : "+");
  for (std::size_t i = 0; i < width; ++i) text += unicode ? "─" : "-";
  return text + "\n" + axis_labels(chart, points, margin + 2, width, mark);
}

}  // namespace

std::string render_lines(const Chart& chart, const Style& style, const ChartSize& size) {
  if (chart.label_columns > 1) {
    throw Error(ErrorKind::query,
                "A line is drawn along one dimension, and the result has " +
                    std::to_string(chart.label_columns) + " (" + chart.dimension + ")",
                "Ask for one dimension, filter the others, or use --chart bar");
  }
  const std::vector<ChartPoint> points = points_of(chart);
  constexpr std::size_t frame = 4;  // lines of a chart that are not the curve's
  // At most two charts share a screen: more of them would be too flat to read.
  const std::size_t charts = std::min<std::size_t>(chart.series.size(), 2);
  const std::size_t share = size.rows / charts;
  const std::size_t rows = std::clamp<std::size_t>(share > frame ? share - frame : 1, 4, 15);
  std::string text;
  for (const ChartSeries& series : chart.series) {
    if (!text.empty()) text += "\n";
    text += curve_of(chart, series, points, style, {size.columns, rows});
  }
  const std::size_t left_out = chart.labels.size() - points.size();
  if (left_out > 0) {
    const std::string note =
        std::to_string(left_out) + (left_out == 1 ? " row" : " rows") + " without a time not drawn";
    text += style.dim(cut_to_width(note, size.columns, "~")) + "\n";
  }
  return text;
}

}  // namespace ktx::cli
