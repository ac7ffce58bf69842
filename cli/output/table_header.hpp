#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::cli {

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
