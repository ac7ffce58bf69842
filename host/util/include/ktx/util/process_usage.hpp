#pragma once

#include <chrono>
#include <optional>

namespace ktx {

/// The high-water mark of this program's own memory. Nothing where the kernel does not tell.
std::optional<double> peak_memory_mib();

/// The processor time that this process has used, all threads together, the start of the program included.
std::chrono::nanoseconds processor_time();

}  // namespace ktx
