#pragma once

#include <cstddef>
#include <optional>
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

}  // namespace ktx::cli
