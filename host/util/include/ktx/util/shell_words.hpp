#pragma once

#include <string>
#include <vector>

namespace ktx {

/// The words as one command line that a POSIX shell splits into exactly these words.
std::string shell_command(const std::vector<std::string>& words);

}  // namespace ktx
