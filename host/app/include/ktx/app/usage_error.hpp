#pragma once

#include <string>

#include "ktx/util/error.hpp"

namespace ktx::app {

/// An error for a request that cannot be understood or contradicts itself, whatever is in the project. A
/// front end adds how its requests are written.
inline Error usage_error(const std::string& message) { return {ErrorKind::usage, message}; }

}  // namespace ktx::app
