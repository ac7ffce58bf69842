#pragma once

#include <CLI/App.hpp>
#include <filesystem>
#include <string>

#include "context.hpp"

namespace ktx::cli {

struct InterpreterHealthOptions {
  std::filesystem::path plugin_directory;
  std::string embeddings;  ///< a backend to try instead; empty for none
};

/// `ktx __interpreter-health --plugin-dir <dir>`, hidden: reads an interpreter's description (the JSON of
/// ktx/runtime/interpreter_json.hpp) on stdin, starts it and prints ktx/plugin/health.hpp's report as
/// JSON. `--embeddings <backend>` has the backend embed a known sentence and prints the reply to that
/// instead. For `doctor`, which runs it as a child so that a crash or a hang is a finding.
void setup_interpreter_health(CLI::App& parent, Context& context);

int run_interpreter_health(const InterpreterHealthOptions& options, const Context& context);

struct LoadLibpythonOptions {
  std::filesystem::path library;
};

/// `ktx __load-libpython <path>`, hidden: whether a shared library is a libpython that loads on this
/// machine. Silent with 0, or the loader's reason on stderr with 1. A child process of its own, because a
/// damaged library can take the process down.
void setup_load_libpython(CLI::App& parent, Context& context);

int run_load_libpython(const LoadLibpythonOptions& options, const Context& context);

}  // namespace ktx::cli
