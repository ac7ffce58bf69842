#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ktx::project {

/// The candidate that a misspelt `name` was probably meant to be; empty when none is close. Close is an
/// edit distance (with swapped neighbours as one edit, case ignored) of at most two, and at most a third
/// of the longer name; of equally close candidates the first wins.
std::string closest(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace ktx::project
