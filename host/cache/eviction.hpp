#pragma once

#include "ktx/cache/kind.hpp"
#include "ktx/util/filesystem.hpp"

namespace ktx::cache {

/// Removes from a folder of entries what is over the kind's limits, the longest unused first, and files that
/// were never finished and that nobody has written to for an hour.
void evict(const Kind& kind, const FileDescriptor& folder);

}  // namespace ktx::cache
