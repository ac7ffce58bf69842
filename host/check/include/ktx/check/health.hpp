#pragma once

#include <functional>
#include <optional>
#include <string>

#include "ktx/runtime/feature.hpp"
#include "ktx/runtime/interpreter.hpp"
#include "ktx/runtime/layout.hpp"
#include "ktx/util/environment.hpp"
#include "ktx/util/json.hpp"
#include "ktx/util/subprocess.hpp"

namespace ktx::runtime {

/// What came of embedding a known sentence.
struct EmbeddingsHealth {
  bool healthy = false;
  std::string detail;  ///< one line: the model and its backends, or what went wrong
  std::string fix;     ///< what to do about it; empty when healthy
};

/// Tries the embeddings of an interpreter that has these features.
using EmbeddingsCheck = std::function<EmbeddingsHealth(const Interpreter&, const Features&)>;

/// Embeds a known sentence with each backend of `features`, after every file of the model was read: each in a
/// child of this same program of its own, so that a crash or a hang of such a library is a finding, and no
/// finding about the interpreter.
EmbeddingsHealth embeddings_health(CommandRunner& runner, const Environment& environment,
                                   const Layout& layout, const Interpreter& interpreter,
                                   const Features& features);

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
