#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::cli {

/// What a column would like to have and what it cannot do without, in terminal cells.
struct ColumnDemand {
  std::size_t natural = 0;
  std::size_t least = 0;  ///< at most `natural`
};

/// The widths of columns that share `available` cells: each gets what it would like where that fits, else the
/// widest are made equal and as wide as fits. Nothing when not even the least widths fit.
std::optional<std::vector<std::size_t>> share_width(const std::vector<ColumnDemand>& columns,
                                                    std::size_t available);

/// The name of a column, above it.
struct TableHeader {
  std::vector<std::string> lines;  ///< 1 to 3, none wider than the column
  bool is_cut = false;             ///< a part of the name is not there
};

/// The header in lines of at most `columns` cells, broken behind a point, a `_` or a space. What is still too
/// long is cut, with the mark in its place: of `source.column` the end says more than the begin, of words
/// the begin.
TableHeader break_header(const std::string& header, std::size_t columns, std::string_view mark);

/// The least width that a header needs so that nothing of it is cut, in terminal cells.
std::size_t least_header_width(const std::string& header);

}  // namespace ktx::cli
