#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ktx::cli {

/// The number of terminal cells that a text takes: combining marks none, East Asian wide characters and
/// emoji two.
std::size_t display_width(std::string_view text);

/// The text as one line that cannot steer a terminal: control characters as \n, \t or \u001b, bytes that
/// are not UTF-8 as U+FFFD.
std::string printable(std::string_view text);

}  // namespace ktx::cli
