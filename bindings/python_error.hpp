#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "ktx/util/json.hpp"

namespace ktx::bindings {

/// str(object) as UTF-8. Lone surrogates are written as escapes; an object whose str() raises is
/// "<unprintable TypeName>". Never throws a Python exception.
std::string text(pybind11::handle object);

/// Any Python exception as the `error` member of a reply: {kind, message, details{exception,
/// traceback}}. The kind is "interrupted" for KeyboardInterrupt and "internal" for all others, SystemExit
/// included: code that is called for an answer has no business ending the process. Its status is
/// details.exitStatus. The exception is not printed and the interpreter's error state is left clear.
Json describe(const pybind11::error_already_set& error);

}  // namespace ktx::bindings
