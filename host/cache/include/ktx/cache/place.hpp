#pragma once

#include <filesystem>
#include <optional>

#include "ktx/util/environment.hpp"

namespace ktx::cache {

/// The user's cache folder of ktx: KTX_CACHE_DIR, else XDG_CACHE_HOME/ktx, else ~/.cache/ktx (on macOS
/// ~/Library/Caches/ktx). Nothing without a home to put it into; a relative XDG_CACHE_HOME is not heeded, as
/// its specification asks. Throws a `usage` error when KTX_CACHE_DIR is relative.
std::optional<std::filesystem::path> cache_directory(const Environment& environment);

}  // namespace ktx::cache
