#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ktx/output/result_views.hpp"

namespace ktx::cli {

enum class ChartKind : std::uint8_t { bar, line };

/// The numbers of one column; std::nullopt for NULL and for numbers that are not finite.
struct ChartSeries {
  std::string name;
  std::vector<std::optional<double>> values;
  std::vector<std::string> shown;  ///< the cells as in a table
};

/// The content of a chart: a label for each row, and the columns of numbers.
struct Chart {
  std::string dimension;            ///< the header of the labels; empty if rows have none
  std::vector<std::string> labels;  ///< one for each row
  /// Seconds since 1970 for each row; empty unless every label that is not NULL is a date or a time.
  std::vector<std::optional<double>> times;
  std::vector<ChartSeries> series;
  std::size_t label_columns = 0;  ///< the number of columns that make up the labels
};

/// The size of a chart in terminal cells.
struct ChartSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// Reads the rows as a chart. The first `dimensions` columns are the labels; if that is not known, all
/// columns without numbers, or the first of several if all have numbers. Throws a `query` error if there is
/// no column of numbers, or no row.
Chart make_chart(const ResultRows& rows, std::optional<std::size_t> dimensions);

/// A line for values over time, bars for anything else.
ChartKind fitting_kind(const Chart& chart);

/// A bar for each row under the name of each series, of blocks or of `#`. No line is wider than
/// `size.columns`. A note says how many rows beyond the first fifty were left out.
std::string render_bars(const Chart& chart, const Style& style, const ChartSize& size);

/// A curve for each series, of Braille dots or of `*`, labelled with its least and greatest value. Rows are
/// placed by time if the labels are times, else at equal steps. Throws a `query` error if there is more than
/// one column of labels.
std::string render_lines(const Chart& chart, const Style& style, const ChartSize& size);

}  // namespace ktx::cli
