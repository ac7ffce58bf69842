#include "column_widths.hpp"

#include <algorithm>
#include <numeric>

namespace ktx::cli {
namespace {

/// Every column at most as wide as `cap`, as far as it can do with that.
std::vector<std::size_t> widths_under(const std::vector<ColumnDemand>& columns, std::size_t cap) {
  std::vector<std::size_t> widths;
  widths.reserve(columns.size());
  for (const ColumnDemand& column : columns) {
    widths.push_back(std::max(column.least, std::min(column.natural, cap)));
  }
  return widths;
}

std::size_t sum(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0});
}

}  // namespace

std::optional<std::vector<std::size_t>> share_width(const std::vector<ColumnDemand>& columns,
                                                    std::size_t available) {
  if (sum(widths_under(columns, 0)) > available) return std::nullopt;
  std::size_t fits = 0;
  std::size_t too_wide = available + 1;  // no column can use more than `available`
  while (too_wide - fits > 1) {
    const std::size_t middle = fits + (too_wide - fits) / 2;
    (sum(widths_under(columns, middle)) <= available ? fits : too_wide) = middle;
  }
  std::vector<std::size_t> widths = widths_under(columns, fits);
  // Fewer cells than columns are left over: one each for the first that can use it.
  std::size_t left = available - sum(widths);
  for (std::size_t i = 0; i < columns.size() && left > 0; ++i) {
    if (widths[i] >= columns[i].natural || widths[i] > fits) continue;
    ++widths[i];
    --left;
  }
  return widths;
}

}  // namespace ktx::cli
