#pragma once

#include <string>

#include "ktx/util/error.hpp"

namespace ktx::app {

/// What was asked cannot be understood or contradicts itself, whatever the project holds. A front end adds
/// how its questions are to be written.
inline Error usage_error(const std::string& message) { return {ErrorKind::usage, message}; }

}  // namespace ktx::app
