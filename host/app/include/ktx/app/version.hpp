#pragma once

namespace ktx::app {

/// The version of this program, which also names its runtime's directory. Defined in a file of its own, so
/// that the tests can link a ktx of another version from the same objects.
extern const char* const version;

}  // namespace ktx::app
