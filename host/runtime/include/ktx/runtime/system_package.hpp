#pragma once

#include <string>
#include <string_view>

#include "ktx/util/environment.hpp"

namespace ktx::runtime {

/// "as root: `apt-get install libpython3.11`", for advice, where this system has that program; else empty.
/// Starts no process.
std::string debian_command(const Environment& environment, std::string_view packages);

/// The same for a Python that ktx can load and that has pip, whichever version the system's is, with the
/// systems on which it is new enough.
std::string python_packages(const Environment& environment);

}  // namespace ktx::runtime
