#pragma once

#include <optional>
#include <string>

#include "ktx/runtime/interpreter.hpp"
#include "ktx/runtime/interpreter_probe.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// What came of loading an interpreter.
struct InterpreterHealth {
  bool healthy = false;
  std::string detail;          ///< one line: the version, or what went wrong
  std::optional<Json> report;  ///< the object that the child printed, when it answered
};

/// Loads the interpreter, and the packages in it, in a child of this same program, so that a crash or a hang
/// is a finding and not an end. A crash names its signal.
InterpreterHealth interpreter_health(CommandRunner& runner, const Environment& environment,
                                     const Layout& layout, const Interpreter& interpreter);

/// Whether a shared library loads, tried in a child of this same program. The arguments must outlive it.
LibraryCheck library_check(CommandRunner& runner, const Environment& environment);

}  // namespace ktx::runtime
