#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ktx::cli {

/// The natural width of a column, and the least that it can be cut to, in terminal cells.
struct ColumnDemand {
  std::size_t natural = 0;
  std::size_t least = 0;  ///< at most `natural`
};

/// Distributes `available` cells. If the natural widths do not fit, the widest columns are made equally wide,
/// as wide as fits. std::nullopt if not even the least widths fit.
std::optional<std::vector<std::size_t>> share_width(const std::vector<ColumnDemand>& columns,
                                                    std::size_t available);

/// The header of a column.
struct TableHeader {
  std::vector<std::string> lines;  ///< 1 to 3, none wider than the column
  bool is_cut = false;             ///< a part of the name is missing
};

/// Breaks a header into lines of at most `columns` cells, behind a dot, a `_` or a space. If it is still too
/// long it is cut, and the mark stands in its place: `source.column` at its beginning, because the end says
/// more, and words at their end.
TableHeader break_header(const std::string& header, std::size_t columns, std::string_view mark);

/// The least width, in terminal cells, at which nothing of the header is cut.
std::size_t least_header_width(const std::string& header);

}  // namespace ktx::cli
