#pragma once

#include <string>

namespace ktx::runtime {

/// Twelve random hexadecimal digits, for names that no other process has.
std::string random_id();

}  // namespace ktx::runtime
