#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ktx/output/result_views.hpp"

namespace ktx::cli {

enum class ChartKind : std::uint8_t { bar, line };

/// Numbers of one column; nothing where a cell is NULL or no finite number.
struct ChartSeries {
  std::string name;
  std::vector<std::optional<double>> values;
  std::vector<std::string> shown;  ///< the cells as a table shows them
};

/// What a chart is of: a name for each row, and the columns of numbers.
struct Chart {
  std::string dimension;            ///< the header of the labels; empty where rows have no names
  std::vector<std::string> labels;  ///< one for each row
  /// Seconds since 1970, where every label that is not NULL is a date or a time.
  std::vector<std::optional<double>> times;
  std::vector<ChartSeries> series;
  std::size_t label_columns = 0;  ///< how many columns the labels were made of
};

/// How a chart is drawn.
struct ChartSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// Reads the rows as a chart. `dimensions` of the first columns are the labels; where that is not known,
/// every column that holds no numbers, or the first of several that all do. Throws a `query` error when there
/// is no column of numbers, or no row.
Chart make_chart(const ResultRows& rows, std::optional<std::size_t> dimensions);

/// A line for what goes on in time, bars for everything else.
ChartKind fitting_kind(const Chart& chart);

/// One bar a row under the name of each series, of blocks or of `#`; no line is wider than `size.columns`.
/// What is beyond the first fifty rows is left out, and said.
std::string render_bars(const Chart& chart, const Style& style, const ChartSize& size);

/// A curve for each series, of Braille dots or of `*`, with its least and greatest value; over time, where
/// the labels are times, else with the same step from row to row. Throws a `query` error for more than one
/// column of labels.
std::string render_lines(const Chart& chart, const Style& style, const ChartSize& size);

}  // namespace ktx::cli
