#pragma once

#include <cstddef>
#include <string>

namespace ktx {

/// `digits` hexadecimal digits from the system's own generator, fit for secrets. Throws an `internal` error
/// when the system has none to give.
std::string random_hex(std::size_t digits);

/// Twelve random digits, for names that no other process has.
inline std::string random_id() { return random_hex(12); }

}  // namespace ktx
