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
  fitting,  ///< the kind that fits the columns
  bars,
  lines,
};

/// Rows to be written. The functions supply what only some formats need; each is called at most once.
struct RowsAnswer {
  ResultRows rows;
  std::chrono::milliseconds duration{};          ///< the time that the database took
  std::optional<std::size_t> dimensions;         ///< the number of columns before the measures, if known
  std::function<std::string()> json;             ///< the JSON object of the command
  std::function<semantic::Transport&()> python;  ///< writes Parquet
};

/// Writes the rows to stdout, through the pager if they are long. For `table`, stderr gets the number of
/// rows, the time, and whether anything was cut. `chart` only counts for `table`.
void write_rows(const Screen& screen, ResultFormat format, ResultChart chart, const RowsAnswer& answer);

}  // namespace ktx::cli
