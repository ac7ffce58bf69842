#pragma once

#include "ktx/runtime/interpreter.hpp"

namespace ktx::bindings {

/// Starts CPython as `interpreter` describes it, isolated from the user's environment, arguments and
/// working directory. The description reaches the plugin as the JSON of
/// ktx/runtime/interpreter_json.hpp, which is the whole configuration: version, tag, soabi, executable,
/// prefix, baseExecutable, basePrefix, libpython, searchPaths.
///
/// Throws an `interpreter` error with CPython's own reason. CPython cannot be started again after that.
void initialize_python(const runtime::Interpreter& interpreter);

}  // namespace ktx::bindings
