#pragma once

#include <cstddef>
#include <functional>

namespace ktx::project {

/// How many threads are worth it for so many small files: one for few, else what the machine has, within
/// reason.
std::size_t workers_for(std::size_t files);

/// Calls `work` with each number below `count`, in `workers` threads of which the caller's is one, and
/// returns when all is done and the threads have ended. When calls throw, what the lowest number threw is
/// thrown, as if there had been one thread; higher numbers may then be left out.
void in_parallel(std::size_t count, std::size_t workers, const std::function<void(std::size_t)>& work);

}  // namespace ktx::project
