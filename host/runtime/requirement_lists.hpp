#pragma once

#include <string>
#include <vector>

namespace ktx::runtime {

/// One list of locked packages made of several: their entries (a line, with the indented lines of its hashes)
/// in order, each once. The only list of one is returned as it is.
std::string merged_lists(const std::vector<std::string>& lists);

}  // namespace ktx::runtime
