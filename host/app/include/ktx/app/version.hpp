#pragma once

namespace ktx::app {

/// The version of this program, which also names the directory of its runtime. Defined in a file of its own
/// so that tests can link a ktx of another version from the same objects.
extern const char* const version;

}  // namespace ktx::app
