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

/// The result of embedding a known sentence.
struct EmbeddingsHealth {
  bool healthy = false;
  std::string detail;  ///< one line: the model and its backends, or what went wrong
  std::string fix;     ///< what to do about it; empty when healthy
};

/// Tries the embeddings of an interpreter that has these features.
using EmbeddingsCheck = std::function<EmbeddingsHealth(const Interpreter&, const Features&)>;

/// Reads every file of the model, then embeds a known sentence with each backend of `features`. Each backend
/// runs in a child process of its own, so that a crash or a hang of its library is a finding about that
/// backend and not about the interpreter.
EmbeddingsHealth embeddings_health(CommandRunner& runner, const Environment& environment,
                                   const Layout& layout, const Interpreter& interpreter,
                                   const Features& features);

/// The result of loading an interpreter.
struct InterpreterHealth {
  bool healthy = false;
  std::string detail;          ///< one line: the version, or what went wrong
  std::optional<Json> report;  ///< the object that the child printed, when it answered
  std::string fix = {};        ///< what to do about it, where a repair does not help
};

/// Loads the interpreter and its packages in a child process, so that a crash or a hang is a finding and does
/// not end ktx. A crash names its signal. Where it does not load, and does without the dynamic loader's
/// variables, these are what is wrong.
InterpreterHealth interpreter_health(CommandRunner& runner, const Environment& environment,
                                     const Layout& layout, const Interpreter& interpreter);

/// Checks in a child process whether a shared library loads. The arguments must outlive the check.
LibraryCheck library_check(CommandRunner& runner, const Environment& environment);

}  // namespace ktx::runtime
