#pragma once

#include <cstdint>
#include <string>

namespace ktx::cli {

/// "15.0 MiB": in KiB, MiB or GiB, with one digit behind the point.
std::string size_text(std::uint64_t bytes);

}  // namespace ktx::cli
