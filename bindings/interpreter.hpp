#pragma once

#include "ktx/runtime/interpreter.hpp"

namespace ktx::bindings {

/// Starts CPython and makes sure that it is the described one: prefix, executable, search paths and
/// flags. Signal handlers stay ktx's. The calling thread holds the GIL from here on. Throws an `interpreter`
/// error.
void start_interpreter(const runtime::Interpreter& interpreter);

/// Runs the atexit functions and flushes sys.stdout and sys.stderr: 0, or 120 when a stream could not be
/// flushed. What an atexit function raises is printed to stderr, as CPython does. Python is not
/// finalised and threads are not waited for; they no longer run, because the GIL stays taken.
int finish_interpreter();

}  // namespace ktx::bindings
