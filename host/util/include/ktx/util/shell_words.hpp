#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ktx {

/// The words as one command line that a POSIX shell splits into exactly these words.
std::string shell_command(const std::vector<std::string>& words);

/// One word of such a line, in single quotes if it needs any: for a line that stands in double quotes itself.
std::string single_quoted(const std::string& word);

/// The words of a command line in which only blanks and single quotes, with `\'` between two of them, mean
/// anything: the opposite of joining `single_quoted` words.
std::vector<std::string> words_of_command(std::string_view command);

}  // namespace ktx
