#pragma once

#include <cstddef>
#include <functional>

namespace ktx::project {

/// How many threads pay off for this many small files: one for few files, else one per processor up to a
/// limit.
std::size_t workers_for(std::size_t files);

/// Calls `work` with each number below `count`, in `workers` threads including the caller's, and returns when
/// all have ended. If calls throw, the exception of the lowest number is rethrown, as a single thread would
/// do; higher numbers may then be skipped.
void in_parallel(std::size_t count, std::size_t workers, const std::function<void(std::size_t)>& work);

}  // namespace ktx::project
