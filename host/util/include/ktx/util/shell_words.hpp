#pragma once

#include <string>
#include <vector>

namespace ktx {

/// The words as one command line that a POSIX shell splits into exactly these words.
std::string shell_command(const std::vector<std::string>& words);

/// One word of such a line, in single quotes if it needs any: for a line that stands in double quotes itself.
std::string single_quoted(const std::string& word);

}  // namespace ktx
