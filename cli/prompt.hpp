#pragma once

#include <string>

#include "terminal.hpp"

namespace ktx::cli {

/// Asks on stderr and reads one line of stdin. Yes for an empty line, "y" and "yes"; no for anything else
/// and for the end of input.
bool confirm(const Terminal& terminal, const std::string& question);

}  // namespace ktx::cli
