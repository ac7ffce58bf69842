#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ktx/output/result_output.hpp"
#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {

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

ResultChart result_chart(const ResultOutputOptions& options);

/// Throws a usage error for what cannot be shown: Parquet on a terminal, a chart in another format.
void check_result_output(const ResultOutputOptions& options, const Terminal& terminal);

}  // namespace ktx::cli
