#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ktx::cli {

/// A list in the mode `pretty` with no line wider than `columns` cells, as far as words allow: what does not
/// fit goes on below, right of the line that the list is drawn along.
std::string fit_pretty_list(std::string_view text, std::size_t columns);

}  // namespace ktx::cli
