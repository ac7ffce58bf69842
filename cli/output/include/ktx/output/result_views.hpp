#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ktx/database/executor.hpp"
#include "ktx/terminal/terminal.hpp"

namespace ktx::cli {

/// A result and the headers to show above its columns, one for each. Both must outlive this.
struct ResultRows {
  const std::vector<std::string>& headers;
  const database::Result& result;
};

/// The text of a table, and how it differs from the whole result.
struct TableText {
  std::string text;
  bool is_cut = false;  ///< a cell or a header is not shown in full
  /// Set if the rows are drawn as records, one column a line: the width that a table would need.
  std::optional<std::size_t> needed_columns;
};

/// The rows as an aligned table: numbers to the right, NULL spelt out, headers bold and NULL dim if there is
/// colour. No line is wider than `columns`: the widest columns are cut first, numbers never. If that is not
/// enough, the rows are drawn as records. Without `columns` nothing is cut.
TableText render_table(const ResultRows& rows, const Style& style, std::optional<std::size_t> columns);

/// The rows as records: a line for each column of each row, none wider than `columns`.
TableText render_records(const ResultRows& rows, const Style& style, std::size_t columns);

/// The rows as CSV (RFC 4180). NULL is an empty field and an empty text is `""`. If there is only one column,
/// both are `""`.
std::string render_csv(const ResultRows& rows);

/// The rows as a table in GitHub's Markdown, numbers aligned to the right.
std::string render_markdown(const ResultRows& rows);

}  // namespace ktx::cli
