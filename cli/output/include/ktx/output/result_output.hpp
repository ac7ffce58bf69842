#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "ktx/output/result_views.hpp"
#include "ktx/semantic/transport.hpp"
#include "ktx/terminal/pager.hpp"

namespace ktx::cli {

enum class ResultFormat : std::uint8_t { table, json, csv, markdown, parquet };

/// A chart in place of a table.
enum class ResultChart : std::uint8_t {
  none,
  fitting,  ///< the one that fits the columns
  bars,
  lines,
};

/// Rows to be written, and where what belongs to them comes from. The functions are called when the format
/// needs them, at most once.
struct RowsAnswer {
  ResultRows rows;
  std::chrono::milliseconds duration{};   ///< that the database took
  std::optional<std::size_t> dimensions;  ///< how many of the first columns are no measures, where known
  std::function<std::string()> json;      ///< the command's own object
  std::function<semantic::Transport&()> python;  ///< writes Parquet
};

/// Writes the rows to stdout, through the pager where there is one. Under `table` the number of rows and the
/// time go to stderr, and whether anything was cut. `chart` counts under `table` alone.
void write_rows(const Screen& screen, ResultFormat format, ResultChart chart, const RowsAnswer& answer);

}  // namespace ktx::cli
