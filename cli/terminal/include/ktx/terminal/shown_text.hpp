#pragma once

#include <string>
#include <string_view>

namespace ktx::cli {

/// What `Style` puts before an emphasis instead of the escape character: a code point that Unicode keeps for
/// use inside a program. So `shown` can tell our own colours from control sequences that a text came with.
inline constexpr std::string_view emphasis_mark = "\uFDD0";

/// The text as one line that cannot control a terminal: control characters as \n, \t or \u001b, the marks
/// that change the direction of what follows as \u202e, bytes that are not UTF-8 as U+FFFD.
std::string printable(std::string_view text);

/// The text, which may have several lines, as a stream gets it: as `printable`, but for line breaks and tabs,
/// and with every emphasis of a `Style` as a control sequence if the stream has `colour`.
std::string shown(std::string_view text, bool colour);

}  // namespace ktx::cli
