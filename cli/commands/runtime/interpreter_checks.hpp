#pragma once

#include <CLI/App.hpp>

#include "context.hpp"

namespace ktx::cli {

/// The hidden command `ktx __interpreter-health --plugin-dir <dir>`. Reads the description of an interpreter
/// (the JSON of ktx/runtime/interpreter_json.hpp) from stdin, starts it, and prints the report of
/// ktx/plugin/health.hpp as JSON. With `--embeddings <backend>` that backend embeds a known sentence, and its
/// reply is printed instead. `doctor` runs it as a child, so that a crash or a hang becomes a finding.
void setup_interpreter_health(CLI::App& parent, Context& context);

/// The hidden command `ktx __load-libpython <path>`: whether a shared library is a libpython that loads on
/// this machine. Prints nothing and exits with 0, or prints the reason of the loader on stderr and exits with
/// 1. A process of its own, because a damaged library can take its process down.
void setup_load_libpython(CLI::App& parent, Context& context);

}  // namespace ktx::cli
