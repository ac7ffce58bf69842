#pragma once

#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/layout.hpp"

namespace ktx::runtime {

/// Checks that the runtime root can be written and has room for `features`. Throws an `install` error that
/// names the directory and what to do.
void check_disk(const Layout& layout, const Features& features);

/// Creates a directory and those above it. Throws an `install` error that names it.
void make_directories(const std::filesystem::path& directory);

}  // namespace ktx::runtime
