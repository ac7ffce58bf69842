#pragma once

#include <filesystem>
#include <vector>

#include "ktx/runtime/layout.hpp"

namespace ktx::runtime {

/// Removes what installs and prunes left that did not end, and brings the files of this version in line with
/// its receipt: `.venv` points at the receipt's environment, and environments that nothing refers to go
/// unless a process uses this version. To be called with the install lock held. What cannot be removed is
/// left for the next time.
void settle(const Layout& layout);

/// What `settle` would remove. Needs no lock: with an install at work, its files are among them.
std::vector<std::filesystem::path> leftovers(const Layout& layout);

}  // namespace ktx::runtime
