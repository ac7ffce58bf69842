#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ktx/database/executor.hpp"
#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {

/// A result and the names that its columns are shown under, one for each; both outlive it.
struct ResultRows {
  const std::vector<std::string>& headers;
  const database::Result& result;
};

/// A drawing of rows, and how it differs from all of them.
struct TableText {
  std::string text;
  bool is_cut = false;  ///< a cell or a header does not stand there in full
  /// Set when the rows are drawn as records, one column a line: as wide as a table would have to be.
  std::optional<std::size_t> needed_columns;
};

/// The rows as an aligned table: numbers to the right, NULL spelt out, headers bold and NULL dim where there
/// is colour. No line is wider than `columns`: the widest columns are cut first, and numbers never are. Where
/// even that does not fit, the rows are records. Without `columns` nothing is cut.
TableText render_table(const ResultRows& rows, const Style& style, std::optional<std::size_t> columns);

/// The rows as records: a line for each column of each row, none wider than `columns`.
TableText render_records(const ResultRows& rows, const Style& style, std::size_t columns);

/// The rows as CSV by RFC 4180. NULL is an empty field, an empty text is `""`; where there is only one
/// column, both are `""`.
std::string render_csv(const ResultRows& rows);

/// The rows as a table of GitHub's Markdown, columns of numbers aligned to the right.
std::string render_markdown(const ResultRows& rows);

}  // namespace ktx::cli
