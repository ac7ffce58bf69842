#pragma once

#include <string>

namespace ktx {

/// What tells this very program from every other build of it: the linker's build id, in hexadecimal. Empty
/// when the linker gave it none.
std::string build_id();

}  // namespace ktx
