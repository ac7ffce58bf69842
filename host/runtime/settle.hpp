#pragma once

#include "ktx/runtime/layout.hpp"

namespace ktx::runtime {

/// Brings the files of this version in line with its receipt, whatever a killed install left behind: `.venv`
/// points at the receipt's environment, and environments that nothing refers to are removed unless a
/// process uses this version. To be called with the install lock held. What cannot be removed is left for
/// the next time.
void settle(const Layout& layout);

/// Removes the private folders of installs and prunes that did not end. Needs the install lock too.
void remove_leftovers(const Layout& layout);

}  // namespace ktx::runtime
