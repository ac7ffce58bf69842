#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>

namespace ktx::cli {

/// For `transform` of an option that takes a whole number of a range, both ends of it included, in decimal
/// digits. What does not fit is refused in words: CLI11's own checks write the largest number that a double
/// holds, and its reading of numbers takes a number that is too large for the largest, and 010 for 8.
CLI::Validator whole_number(std::int64_t least, std::int64_t most = std::numeric_limits<std::int64_t>::max());

}  // namespace ktx::cli
