#pragma once

#include <CLI/App.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "context.hpp"
#include "ktx/semantic/transport.hpp"
#include "output/result_view.hpp"

namespace ktx::cli {

enum class ResultFormat : std::uint8_t { table, json, csv, markdown, parquet };

/// How rows are wanted, as typed.
struct ResultOutputOptions {
  std::optional<std::string> format;  ///< the name of a ResultFormat, or one of the command's own formats
  std::optional<std::string> chart;   ///< "bar" or "line"; "auto" for the one that fits
  bool no_pager = false;
};

/// Adds --format, --chart and --no-pager. `own_formats` are what the command writes besides ("sql").
void add_result_output_options(CLI::App& command, ResultOutputOptions& options,
                               const std::vector<std::string>& own_formats = {});

/// The format that was named, else a table for a chart and on a terminal, and JSON elsewhere. One of the
/// command's own formats must have been dealt with before.
ResultFormat result_format(const ResultOutputOptions& options, const Terminal& terminal);

/// Throws a usage error for what cannot be shown: Parquet on a terminal, a chart in another format.
void check_result_output(const ResultOutputOptions& options, const Terminal& terminal);

/// Rows to be written, and where what belongs to them comes from. The functions are called when the format
/// needs them, at most once.
struct RowsAnswer {
  ResultRows rows;
  std::chrono::milliseconds duration{};   ///< that the database took
  std::optional<std::size_t> dimensions;  ///< how many of the first columns are no measures, where known
  std::function<std::string()> json;      ///< the command's own object
  std::function<semantic::Transport&()> python;  ///< writes Parquet
};

/// Writes the rows to stdout, as the options say, through the pager where there is one. Under `table` the
/// number of rows and the time go to stderr, and whether anything was cut.
void write_rows(const Context& context, const ResultOutputOptions& options, const RowsAnswer& answer);

}  // namespace ktx::cli
